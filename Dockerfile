# One image a service: docker build --build-arg SERVICE=orders -t ticketing/orders .
# (SERVICE is its folder; infra/stripe-emulator is built the same way. The client has a Dockerfile of its own.)
ARG NODE=node:24.21.0-bookworm-slim

FROM ${NODE} AS base
WORKDIR /app
ENV NPM_CONFIG_UPDATE_NOTIFIER=false
COPY package.json package-lock.json .npmrc ./
COPY common/package.json common/

# What it takes to compile and to develop any of them: one layer for all images.
FROM base AS tools
COPY auth/package.json auth/
COPY tickets/package.json tickets/
COPY orders/package.json orders/
COPY payments/package.json payments/
COPY expiration/package.json expiration/
COPY infra/stripe-emulator/package.json infra/stripe-emulator/
RUN --mount=type=cache,target=/root/.npm \
    npm ci --include-workspace-root -w common -w auth -w tickets -w orders -w payments -w expiration -w infra/stripe-emulator
COPY tsconfig.base.json ./
COPY common common
RUN node node_modules/typescript7/bin/tsc -b common

FROM tools AS build
ARG SERVICE
COPY ${SERVICE} ${SERVICE}
RUN node node_modules/typescript7/bin/tsc -b ${SERVICE}

# For skaffold: it copies changed sources into the container, and ts-node-dev starts the service again.
FROM build AS dev
ARG SERVICE
WORKDIR /app/${SERVICE}
# Those files are written by whom the service runs as.
RUN chown -R 10001:10001 src ../common/src
USER 10001:10001
ENV HOME=/tmp NODE_OPTIONS="-C development"
EXPOSE 3000
ENTRYPOINT ["node", "../node_modules/ts-node-dev/lib/bin.js", "--respawn", "--transpile-only", "src/main.ts"]

# Production dependencies only.
FROM base AS dependencies
ARG SERVICE
COPY ${SERVICE}/package.json ${SERVICE}/
RUN --mount=type=cache,target=/root/.npm \
    npm ci --omit=dev --include-workspace-root=false -w common -w ${SERVICE}

FROM ${NODE} AS service
ARG SERVICE
ENV NODE_ENV=production
WORKDIR /app/${SERVICE}
COPY --from=dependencies /app /app
COPY --from=build /app/common/dist /app/common/dist
COPY --from=build /app/${SERVICE}/dist dist
# Nothing here belongs to it, and it writes nowhere. The number, not a name: Kubernetes checks that it is not root.
USER 10001:10001
EXPOSE 3000
# Node is PID 1: main.ts handles the signals. A small nursery, as everywhere (see docs/performance.md).
ENTRYPOINT ["node", "--max-semi-space-size=4", "dist/main.js"]
