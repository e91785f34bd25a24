# The image of aloft: Node.js, the libraries it is linked to, and what was built. No shell, no package manager.
# Base images are pinned by tag; whoever publishes the image should pin them by digest as well.

FROM node:24.21.0-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json tsconfig.json ./
# Without install scripts: they would fetch the Node.js of a developer's machine, and this image has its own.
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY src src
RUN npm run build && npm prune --omit=dev --ignore-scripts --no-audit --no-fund
# Types, maps and texts for people are never loaded.
RUN find node_modules dist -type f \( -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' -o -name '*.map' \
      -o -iname 'readme*' -o -iname 'changelog*' -o -name '.package-lock.json' \) -delete

# The tree of the image. The loader and every library stand at the paths where the loader looks for them.
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
RUN mkdir -p /image/app /image/certs /image/usr/local/bin /image/var/lib/dpkg/status.d \
 && cp -r dist node_modules package.json /image/app/ \
 && cp /usr/local/bin/node /image/usr/local/bin/ \
 && ldd /usr/local/bin/node | grep -o '/[^ ]*' | xargs cp --parents -L -t /image
# What scanners read, so that they know of these libraries.
RUN for package in libc6 libgcc-s1 libstdc++6; do \
      dpkg-query --status "$package" > "/image/var/lib/dpkg/status.d/$package"; \
    done

FROM scratch
LABEL org.opencontainers.image.title="aloft" \
      org.opencontainers.image.description="Makes an Istio mesh observable without anyone editing a manifest" \
      org.opencontainers.image.licenses="Apache-2.0"
COPY --from=build /image /
WORKDIR /app
ENV NODE_ENV=production \
    ALOFT_CERT_DIR=/certs
# Numbers, so that `runAsNonRoot` can be checked. Nothing in the image belongs to this user.
USER 65532:65532
# HTTPS for the API server; HTTP for the kubelet and Prometheus.
EXPOSE 8443 9090
# /certs is a mounted Secret, or an emptyDir where aloft may make its own. Nothing else is ever written.
# Nothing here needs `__proto__` or native addons, which an attacker might. A small young generation costs a few per cent
# of CPU time and saves 90 MB under load (docs/decisions/0010).
ENTRYPOINT ["/usr/local/bin/node", "--max-semi-space-size=8", "--disable-proto=delete", "--no-addons", "/app/dist/main.js"]
CMD ["serve"]
