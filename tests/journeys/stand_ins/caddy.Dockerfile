# Stands in for docker.io/library/caddy where no registry can be reached: what compose.yaml uses of that image, from Debian's package.
FROM docker.io/library/debian:trixie-slim
RUN apt-get update --quiet && apt-get install --quiet --yes --no-install-recommends ca-certificates caddy libcap2-bin \
    && rm -rf /var/lib/apt/lists/* && setcap cap_net_bind_service=+ep /usr/bin/caddy && install -d /data /config
ENV XDG_CONFIG_HOME=/config XDG_DATA_HOME=/data
CMD ["caddy", "run", "--config", "/etc/caddy/Caddyfile", "--adapter", "caddyfile"]
