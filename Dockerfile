# Plein in one container: web and engine, SQLite in the volume /data (or DATABASE_URL).
# Not run by our tests.
#
#   docker build -t plein .
#   docker run -p 8321:8321 -v plein:/data -e PLEIN_ADDRESS=https://plein.waterdam.example plein

FROM python:3.11-slim-bookworm AS build
WORKDIR /src
RUN apt-get update && apt-get install -y --no-install-recommends make && rm -rf /var/lib/apt/lists/*
COPY . .
RUN make wheel PYTHON=python3

FROM python:3.11-slim-bookworm
COPY requirements/core.txt /tmp/core.txt
RUN pip install --no-cache-dir --require-hashes -r /tmp/core.txt && rm /tmp/core.txt
COPY --from=build /src/dist/*.whl /tmp/
RUN pip install --no-cache-dir --no-deps /tmp/*.whl && rm /tmp/*.whl \
    && useradd --system --create-home --home-dir /data plein && chmod 700 /data
USER plein
ENV PLEIN_HOME=/data PLEIN_LOG=json
VOLUME /data
EXPOSE 8321
HEALTHCHECK CMD python -c "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8321/healthz', timeout=5)"
STOPSIGNAL SIGTERM
CMD ["plein", "up", "--host", "0.0.0.0", "--port", "8321"]
