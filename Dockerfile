# syntax=docker/dockerfile:1
# podbot's image: the interpreter of the base, the locked packages, podbot's own wheel, and nothing else.
#
#   docker build -t podbot --build-arg REVISION="$(git rev-parse HEAD)" .
#
# BASE is any image of Debian or the like with Python 3.11 or newer as `python3`; BUILDER is the same with pip, and is
# left behind. An index or certificates of your own reach pip as a secret: --secret id=pip.conf,src=pip.conf
ARG BASE=docker.io/library/python:3.13-slim
ARG BUILDER=${BASE}

FROM ${BUILDER} AS build
# Files get this time, and wheels are made as of it, so that the same sources give the same bytes.
ARG SOURCE_DATE_EPOCH=1577836800
ENV SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH} PIP_NO_CACHE_DIR=1 PIP_NO_COMPILE=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /src

# Neither environment has a pip of its own: one makes the wheel and is left behind, the other goes into the image.
RUN python3 -m venv --without-pip /opt/build && python3 -m venv --without-pip /opt/podbot
COPY requirements.lock requirements-build.lock ./
RUN --mount=type=secret,id=pip.conf,target=/etc/pip.conf \
    python3 -m pip --python /opt/build/bin/python install --require-hashes -r requirements-build.lock \
 && python3 -m pip --python /opt/podbot/bin/python install --require-hashes --only-binary :all: -r requirements.lock

COPY pyproject.toml README.md LICENSE ./
COPY config config
COPY handlers handlers
COPY bot bot
RUN /opt/build/bin/python -m hatchling build -t wheel -d /opt/wheel \
 && python3 -m pip --python /opt/podbot/bin/python install --no-deps --no-index /opt/wheel/*.whl \
 # Where the wheel lay is nobody's business, and bytecode is checked against nothing: the files never change.
 && rm /opt/podbot/lib/python3*/site-packages/podbot-*.dist-info/direct_url.json \
 && /opt/podbot/bin/python -m compileall -q -j 1 --invalidation-mode unchecked-hash /opt/podbot/lib \
 && find /opt/podbot -exec touch --no-dereference --date "@${SOURCE_DATE_EPOCH}" {} +

FROM ${BASE}
ARG VERSION=0.1.0
ARG REVISION=
ARG SOURCE=
LABEL org.opencontainers.image.title="podbot" \
      org.opencontainers.image.description="Kubernetes pod actions in Slack, each made with the rights of the person who asks" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.source="${SOURCE}"
COPY --from=build /opt/podbot /opt/podbot
ENV PATH=/opt/podbot/bin:${PATH} PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PODBOT_REVISION=${REVISION}
# A number, so that Kubernetes can tell that it is not root; nothing is written, so the root may be read-only.
USER 65532:65532
ENTRYPOINT ["podbot"]
CMD ["run"]
