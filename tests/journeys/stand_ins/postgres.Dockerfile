# Stands in for docker.io/library/postgres where no registry can be reached: what compose.yaml and its page use of that image, from Debian's package.
FROM docker.io/library/debian:trixie-slim
RUN apt-get update --quiet && apt-get install --quiet --yes --no-install-recommends postgresql \
    && rm -rf /var/lib/apt/lists/* /var/lib/postgresql && install -d -o postgres -g postgres /var/lib/postgresql/data \
    && ln -s /usr/lib/postgresql/* /usr/lib/postgresql/here
COPY postgres-start /usr/local/bin/
ENV PATH=/usr/lib/postgresql/here/bin:/usr/local/bin:/usr/bin:/bin PGDATA=/var/lib/postgresql/data
ENTRYPOINT ["postgres-start"]
