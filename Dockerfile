FROM python:3.13-slim-trixie AS app
ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 VAR_DIR=/var/lib/default-on STATIC_ROOT=/app/collected
# git: for import_ota. postgresql-client: pg_dump and pg_restore, for backup and restore.
RUN apt-get update \
    && apt-get install --no-install-recommends --yes git postgresql-client \
    && rm -rf /var/lib/apt/lists/*
# The number is fixed because the files in volumes belong to it. A new volume takes the owner of the
# folder that it covers: /backups for backups, /lists for SUPPRESSION_PATH.
RUN useradd --system --uid 999 --user-group --home-dir /var/lib/default-on --create-home default-on \
    && install --directory --owner 999 --group 999 --mode 0700 /backups /lists
WORKDIR /app
COPY requirements.txt requirements-s3.txt requirements-webhooks.txt requirements-sentry.txt ./
RUN pip install --no-cache-dir --require-hashes -r requirements.txt \
    && pip install --no-cache-dir --require-hashes -r requirements-s3.txt \
    && pip install --no-cache-dir --require-hashes -r requirements-webhooks.txt \
    && pip install --no-cache-dir --require-hashes -r requirements-sentry.txt
COPY . .
# Static files are part of the image; the key only lets settings load, and is not kept.
RUN SECRET_KEY=building VAR_DIR=/tmp/building python manage.py collectstatic --noinput --verbosity 0 \
    && rm -r /tmp/building && chmod -R a+rX /app/collected
USER 999:999
EXPOSE 8000
CMD ["gunicorn", "config.wsgi", "--config", "python:config.web_server", "--bind", "0.0.0.0:8000", "--workers", "3"]

# For workers that also read pages needing scripts: docker build --target browser
# (docker-compose.browser.yml).
FROM app AS browser
USER 0
RUN apt-get update && apt-get install --no-install-recommends --yes chromium-headless-shell chromium-sandbox \
    && rm -rf /var/lib/apt/lists/*
RUN pip install --no-cache-dir --require-hashes -r requirements-browser.txt
USER 999:999

# The last one is what is built without --target.
FROM app
