# One image for the web server, the worker and the one-off set-up; docker-compose.yml says which command each runs.

FROM node:22-bookworm-slim AS frontend
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev

FROM python:3.11-slim-bookworm AS packages
RUN apt-get update \
    && apt-get install --yes --no-install-recommends gcc libc6-dev libpq-dev \
    && rm -rf /var/lib/apt/lists/*
COPY requirements/base.txt /tmp/base.txt
RUN python -m venv /opt/venv && /opt/venv/bin/pip install --no-cache-dir --require-hashes -r /tmp/base.txt

FROM python:3.11-slim-bookworm
RUN apt-get update \
    && apt-get install --yes --no-install-recommends \
        libpq5 \
        libpango-1.0-0 \
        libpangoft2-1.0-0 \
        libharfbuzz0b \
        libharfbuzz-subset0 \
        fonts-noto-core \
        fonts-noto-cjk \
        poppler-utils \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /data eds \
    && install --directory --owner=eds --group=eds /data
COPY --from=packages /opt/venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 EDS_DATA_DIR=/data EDS_STATIC_ROOT=/app/var/static
WORKDIR /app
COPY . .
# "trial" is for this step only, which has no key: collecting static files keeps and signs nothing.
RUN --mount=from=frontend,source=/app/node_modules,target=/app/node_modules \
    python scripts/prepare_frontend.py \
    && EDS_PURPOSE=trial python manage.py collectstatic --noinput --verbosity 0
USER eds
VOLUME /data
EXPOSE 8000
CMD ["gunicorn", "eds.project.wsgi:application", "--bind", "0.0.0.0:8000", "--workers", "3", "--threads", "4", "--no-control-socket"]
