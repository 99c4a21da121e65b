"""Takes the README's pictures of the real page, in the light and in the dark. Run by `make screenshots`."""

import asyncio
import base64
import shutil
import struct
import sys
import zlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import Browser, FloatRect, Locator, Page, ViewportSize, expect

from bot.demonstration.show import opened
from tests.browser.visitor import Visitor, chromium

IMAGES = Path(__file__).parent / "images"
THEMES = ("light", "dark")
_POD = "my-first-pod"
_WIDE: ViewportSize = {"width": 1280, "height": 720}  # the whole page
_NARROW: ViewportSize = {"width": 720, "height": 2400}  # the chat alone, tall enough for the longest answer
_PATIENCE = 60  # seconds
_AROUND = 4  # pixels above and below the messages
# Groups like colours, keeps the most frequent of the most frequent 256 groups, and takes the nearest for every other.
_COUNT = """async (picture) => {
  const image = new Image();
  image.src = `data:image/png;base64,${picture}`;
  await image.decode();
  const [width, height] = [image.width, image.height];
  const canvas = new OffscreenCanvas(width, height).getContext("2d");
  canvas.drawImage(image, 0, 0);
  const seen = new Map();
  const pixels = new Uint32Array(canvas.getImageData(0, 0, width, height).data.buffer);
  for (const pixel of pixels) seen.set(pixel, (seen.get(pixel) ?? 0) + 1);
  const groups = new Map();
  for (const [pixel, times] of [...seen].sort((one, other) => other[1] - one[1])) {
    const group = groups.get(pixel & 0xf8f8f8) ?? { pixel, times: 0 };
    group.times += times;
    groups.set(pixel & 0xf8f8f8, group);
  }
  const kept = [...groups.values()].sort((one, other) => other.times - one.times).slice(0, 256).map((one) => one.pixel);
  const parts = (pixel) => [pixel & 255, (pixel >> 8) & 255, (pixel >> 16) & 255];
  const colours = kept.map(parts);
  const nearest = new Map();
  for (const pixel of seen.keys()) {
    const mine = parts(pixel);
    const far = colours.map((one) => one.reduce((sum, part, index) => sum + (part - mine[index]) ** 2, 0));
    nearest.set(pixel, far.indexOf(Math.min(...far)));
  }
  const indexed = Uint8Array.from(pixels, (pixel) => nearest.get(pixel));
  let text = "";
  for (let at = 0; at < indexed.length; at += 8192) text += String.fromCharCode(...indexed.subarray(at, at + 8192));
  return [width, height, colours.flat(), btoa(text)];
}"""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture's name, what a visitor does to see it, and whether it shows the whole page or what came of that."""

    name: str
    act: Callable[[Visitor], Awaitable[Locator]]
    person: str = "U0ALICE"
    whole: bool = False


async def _create(visitor: Visitor) -> Locator:
    await visitor.say("/pod list")
    answer = await visitor.say(f"/pod create sidecar {_POD}")
    await expect(answer).to_contain_text("Done")
    return answer


async def _triage(visitor: Visitor) -> Locator:
    return await visitor.say("/pod triage orders")


async def _logs(visitor: Visitor) -> Locator:
    return await visitor.say("/pod logs orders --previous")


async def _describe(visitor: Visitor) -> Locator:
    """Ask until it is told between two runs, as it mostly is."""
    async with asyncio.timeout(_PATIENCE):
        while True:
            answer = await visitor.say("/pod describe orders")
            if "CrashLoopBackOff" in await answer.inner_text():
                return answer


async def _volumes(visitor: Visitor) -> Locator:
    return await visitor.say("/pod volumes gallery")


async def _refusal(visitor: Visitor) -> Locator:
    return await visitor.say("/pod delete orders")


PICTURES = (
    Picture("create", _create, whole=True),
    Picture("triage", _triage),
    Picture("describe", _describe),
    Picture("logs", _logs),
    Picture("volumes", _volumes),
    Picture("refusal", _refusal, "U0BOB"),
)


async def take(folder: Path) -> None:
    """Take every picture in every theme, each theme on a demo of its own."""
    async with chromium() as browser:
        for theme in THEMES:
            async with opened() as url:
                for picture in PICTURES:
                    await _taken(browser, url, picture, theme, folder / f"{picture.name}-{theme}.png")


async def _taken(browser: Browser, url: str, picture: Picture, theme: str, path: Path) -> None:
    size = _WIDE if picture.whole else _NARROW
    context = await browser.new_context(viewport=size, device_scale_factor=1.5, locale="en-GB")
    visitor = Visitor(await context.new_page(), url)
    await visitor.enter(picture.person, theme=theme)
    broken = visitor.page.locator("#pods tr").filter(has_text="orders")
    await expect(broken).to_contain_text("CrashLoopBackOff")
    answer = await picture.act(visitor)
    clip = None if picture.whole else await _around(answer, size["width"])
    small = await _small(visitor.page, await visitor.page.screenshot(clip=clip))
    await asyncio.to_thread(path.write_bytes, small)
    await context.close()


async def _small(page: Page, picture: bytes) -> bytes:
    """Return a PNG of at most 256 colours, a quarter of the size; the browser knows the pixels and counts them."""
    width, height, colours, pixels = await page.evaluate(_COUNT, base64.b64encode(picture).decode())
    rows = base64.b64decode(pixels)
    lines = b"".join(b"\0" + rows[start : start + width] for start in range(0, width * height, width))
    parts = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
        (b"PLTE", bytes(colours)),
        (b"IDAT", zlib.compress(lines, 9)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in parts)


def _chunk(kind: bytes, data: bytes) -> bytes:
    """Return a PNG's chunk. Source: https://www.w3.org/TR/png-3/#5Chunk-layout."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


async def _around(message: Locator, width: int) -> FloatRect:
    """Return the part of the page that a message fills, and a little more."""
    box = await message.bounding_box()
    if box is None:
        raise LookupError("the message is not on the page")
    return {"x": 0, "y": box["y"] - _AROUND, "width": width, "height": box["height"] + 2 * _AROUND}


if __name__ == "__main__":
    if not shutil.which("chromium"):
        sys.exit("the pictures need Chromium: apt-get install chromium")
    IMAGES.mkdir(exist_ok=True)
    asyncio.run(take(IMAGES))
