# One image for every app: `docker build -t ensemble .`, `docker run ensemble start/main.ts seat`.

FROM node:24.21.0-alpine AS manifests
WORKDIR /ensemble
COPY . .
# Only these say what is to be installed: while they stay, the installation comes from the cache.
RUN find . -type f ! -name 'package*.json' ! -name .npmrc -delete

FROM node:24.21.0-alpine
WORKDIR /ensemble
COPY --from=manifests /ensemble .
# No scripts: only the tools of development have some.
RUN --mount=type=cache,target=/var/npm npm ci --omit=dev --ignore-scripts --cache=/var/npm
COPY . .
# What is written: a cache while the image is built; the data directory, and the key that signs
# tickets, on volumes.
RUN mkdir /data /keys .compiled .nx && chown node:node /data /keys .compiled .nx
USER node
ENV NODE_ENV=production \
    NODE_COMPILE_CACHE=/ensemble/.compiled \
    ENSEMBLE_DATA=/data \
    HOST=0.0.0.0
RUN node deploy/warm.mjs && rm -r /data/*
EXPOSE 3000 3001 3002 3009 3010
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --start-interval=1s \
    CMD ["node", "deploy/ready.mjs"]
# Node hears SIGTERM itself and forks nothing: no init is needed.
ENTRYPOINT ["node", "--max-semi-space-size=32", "start/run.mjs"]
CMD ["start/main.ts"]
