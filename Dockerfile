# The site's image. It serves as an ordinary user, and never touches the database on start.

FROM python:3.13-slim-bookworm AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
COPY requirements/run.txt /tmp/run.txt
RUN python -m venv /opt/venv && /opt/venv/bin/pip install --require-hashes -r /tmp/run.txt
WORKDIR /site
COPY . .
# Collecting reads the settings but needs no secret: this key ends with this step.
RUN SECRET_KEY=$(head -c 48 /dev/urandom | base64) DATABASE_URL=sqlite:////tmp/none.sqlite3 \
    /opt/venv/bin/python manage.py collectstatic --noinput --verbosity 0 \
    && /opt/venv/bin/python -m scripts.catalogues compile \
    && /opt/venv/bin/python -m compileall -q .

FROM python:3.13-slim-bookworm
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin site \
    && install --directory --owner site --group site /media /sending
COPY --from=build /opt/venv /opt/venv
COPY --from=build /site /site
WORKDIR /site
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 BIND=0.0.0.0 PORT=8000 MEDIA_ROOT=/media
USER site
VOLUME /media /sending
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=6s --start-period=30s CMD ["python", "-m", "scripts.probe", "live"]
CMD ["gunicorn", "bbmri_be.wsgi"]
