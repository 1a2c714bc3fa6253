# Debian, because Temporal's core needs glibc; the same Node as package.json names. To move on, take the new tag's digest
# from `docker buildx imagetools inspect node:<tag>`.
ARG NODE_IMAGE=node:24.21.0-bookworm-slim@sha256:d6aa754f16b3197301076f047b5def2f02ea1dbbc2ca920407d46d7ec7f87b20

FROM ${NODE_IMAGE} AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# Install scripts would only fetch a second Node.
RUN --mount=type=cache,target=/root/.npm npm ci --omit=dev --ignore-scripts

FROM ${NODE_IMAGE} AS ui
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN --mount=type=cache,target=/root/.npm npm ci --ignore-scripts
COPY src/domain src/domain
COPY src/ui src/ui
RUN node node_modules/vite/bin/vite.js build src/ui

FROM ${NODE_IMAGE} AS runtime
ENV NODE_ENV=production \
    SPOOL_DIRECTORY=/var/lib/clockify-api-studio/spool
WORKDIR /app
# A new volume takes its owner from the directory it covers.
RUN install -d -o 1000 -g 1000 /var/lib/clockify-api-studio/spool
COPY --from=dependencies /app/node_modules node_modules
COPY package.json manifest.json openapi.json ./
COPY public public
COPY --from=ui /app/dist/ui dist/ui
COPY src src
USER 1000:1000
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:8000/health').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--disable-proto=delete", "src/api/main.ts"]

FROM runtime AS simulator
COPY simulator simulator
EXPOSE 4010
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:4010/__simulator/health').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "simulator/main.ts"]
