# One image for every service: `docker build -t lien-thong .`, then `docker run -e SERVICE=casework … lien-thong`.
# Behind a proxy that signs with an authority of its own, NODE_IMAGE is an image that trusts it.
ARG NODE_IMAGE=node:24.21.0-trixie-slim

# What npm reads, apart from the sources: a change of a source installs nothing again.
FROM ${NODE_IMAGE} AS manifests
WORKDIR /app
COPY . .
RUN find . ! -type d ! -name package.json ! -name package-lock.json -delete && find . -type d -empty -delete

# The contracts, generated from proto/.
FROM ${NODE_IMAGE} AS contracts
WORKDIR /app
COPY --from=manifests /app .
RUN npm ci --ignore-scripts && npm rebuild @bufbuild/buf
COPY proto proto
COPY buf.yaml buf.gen.yaml ./
COPY scripts scripts
RUN mkdir packages/contracts/src && node scripts/generate.ts

# The console's pages for staff.
FROM contracts AS pages
COPY tsconfig.base.json ./
COPY packages packages
COPY services/console services/console
RUN node services/console/app/build.ts

# What runs: the modules of the services without tests, types and maps, and the list of them (CycloneDX).
FROM ${NODE_IMAGE} AS modules
WORKDIR /app
COPY --from=manifests /app .
COPY deploy/image deploy/image
RUN npm ci --workspace=services/standalone --omit=dev --omit=optional --ignore-scripts \
 && node deploy/image/sbom.ts > sbom.cdx.json \
 && find node_modules -type f \( -name '*.map' -o -name '*.ts' -o -name '*.mts' -o -name '*.cts' \
      -o -name '*.md' ! -iname 'licen*' \) -delete
# What packages carry for browsers and bundlers, and node never loads.
RUN find node_modules -mindepth 2 \( -name .yarn -o -name iife -o -name '*.standalone.js' -o -name 'swagger-ui-es-bundle*' \
      -o -path '*/@opentelemetry/*/build/esm' -o -path '*/@opentelemetry/*/build/esnext' \) -prune -exec rm -r {} +
COPY packages packages
COPY services services
COPY --from=contracts /app/packages/contracts/src/gen packages/contracts/src/gen
COPY --from=pages /app/services/console/app/dist services/console/app/dist
COPY deploy/compose/keys.ts deploy/compose/sample.ts deploy/compose/
COPY deploy/telemetry/watch.ts deploy/telemetry/
RUN find packages services -depth -type d \( -name test -o -name bench \) -exec rm -r {} + \
 && find packages services -name '*.test.ts' -delete \
 && find services/console/app -mindepth 1 -maxdepth 1 ! -name dist -exec rm -r {} + \
 && rm -r packages/testkit packages/test-mail-server
# The same commit gives the same files, whoever builds it and when.
ARG SOURCE_DATE_EPOCH=0
RUN chmod -R u=rwX,go=rX . && find . -exec touch --no-dereference --date=@${SOURCE_DATE_EPOCH} {} +

FROM ${NODE_IMAGE}
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Liên Thông" \
      org.opencontainers.image.description="Integration platform of a province: one service, chosen by SERVICE" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
WORKDIR /app
COPY --from=modules /app .
ARG SOURCE_DATE_EPOCH=0
# The platform starts nothing but node. The shell deletes itself, and sets the times of the folders that this changes.
RUN rm -rf /usr/local/lib/node_modules /usr/local/bin/npm /usr/local/bin/npx /usr/local/bin/corepack \
      /usr/local/bin/yarn /usr/local/bin/yarnpkg /opt/yarn-* \
 && rm -f /bin/bash /bin/sh /bin/dash \
 && touch --date=@${SOURCE_DATE_EPOCH} /app /usr/bin /usr/local/bin /usr/local/lib /opt
ENV NODE_ENV=production LISTEN=0.0.0.0:50051 METRICS_LISTEN=0.0.0.0:9464
USER 1000:1000
EXPOSE 50051 9464
STOPSIGNAL SIGTERM
# A loaded machine takes long to start node, and all services start at the same time after it was off. Each check costs
# a start of node, so it is seldom: the gateway notices by itself, within two seconds, that a process is away.
HEALTHCHECK --interval=60s --start-interval=3s --timeout=20s --start-period=180s --retries=3 \
  CMD ["node", "/app/deploy/image/health.cjs"]
ENTRYPOINT ["node"]
CMD ["--env-file-if-exists=/keys/settings.env", "deploy/image/start.ts"]
