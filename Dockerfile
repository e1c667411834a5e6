# The whole product on one port. What it keeps is under /data, which is all that it writes to:
#   docker build -t patchbay .
#   docker run --read-only --init -p 3000:3000 -v patchbay:/data patchbay
# Sessions in a browser need Chromium, some voice notes and pictures of videos ffmpeg:
#   docker build --build-arg PACKAGES="chromium ffmpeg" -t patchbay .

FROM node:24-bookworm-slim AS base
WORKDIR /app

FROM base AS manifests
COPY package.json package-lock.json ./
COPY contract/package.json contract/
COPY client/package.json client/
COPY hardening/package.json hardening/
COPY sandbox/package.json sandbox/
COPY server/package.json server/
COPY web/package.json web/
COPY bench/package.json bench/
COPY e2e/package.json e2e/
COPY crash/package.json crash/

FROM manifests AS build
RUN npm install --no-audit --no-fund
COPY . .
RUN node scripts/build.mjs server web

# What the server needs to run, without what builds and tests it.
FROM manifests AS packages
RUN npm install --omit=dev --workspace server --no-audit --no-fund && mkdir -p server/node_modules

FROM base AS image
ARG PACKAGES=""
RUN if [ -n "$PACKAGES" ]; then \
      apt-get update && apt-get install -y --no-install-recommends $PACKAGES && \
      rm -rf /var/lib/apt/lists/*; \
    fi && \
    install -d -o node -g node -m 0700 /data
COPY --from=packages /app/node_modules node_modules
COPY --from=packages /app/server/node_modules server/node_modules
COPY --from=build /app/contract/package.json contract/
COPY --from=build /app/contract/dist contract/dist
COPY --from=build /app/hardening/package.json hardening/
COPY --from=build /app/hardening/dist hardening/dist
COPY --from=build /app/server/package.json server/
COPY --from=build /app/server/dist server/dist
COPY --from=build /app/server/bundle server/bundle
COPY --from=build /app/web/dist web/dist
COPY LICENSE NOTICE ./

ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 STORAGE_ROOT=/data LOG_FORMAT=json
USER node
VOLUME /data
EXPOSE 3000
# What is in flight is finished within nine seconds.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/api/health/ready`).then(({ok})=>process.exit(ok?0:1),()=>process.exit(1))"]
# The flags are those of server/package.json.
CMD ["node", "--max-semi-space-size=32", "--heap-growing-percent=75", "server/bundle/main.js"]
