// A browser drops what it is loading when the machine's network changes, as it does with each pod of a cluster on the same
// machine; a page that lost a part of itself so is loaded again, a few times at most. No module: it must not miss the rest.
window.addEventListener("load", () => {
  const tries = Number(sessionStorage.getItem("loads") ?? 0);
  if (document.documentElement.dataset.ready) {
    sessionStorage.removeItem("loads");
  } else if (tries < 5) {
    sessionStorage.setItem("loads", String(tries + 1));
    location.reload();
  }
});
