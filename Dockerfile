# One image for every process: web (what it runs by itself), worker, and `flask …`.

FROM python:3.11-slim-bookworm AS build
WORKDIR /app
RUN python -m venv --without-pip /venv
COPY requirements.txt ./
# Wheels only: nothing has to be compiled.
RUN pip --python /venv/bin/python install --no-cache-dir --only-binary :all: -r requirements.txt
COPY . ./
ENV PATH=/venv/bin:$PATH
# Of Bootstrap only the icons are used, and those are in our sprite now.
RUN bin/post_compile \
 && python -m compileall -q . \
 && chmod -R a+rX . \
 && rm -r /venv/lib/python3.11/site-packages/flask_bootstrap/static

FROM python:3.11-slim-bookworm
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /data --shell /usr/sbin/nologin microblog \
 && install --directory --owner microblog --group microblog --mode 750 /data \
 && install --directory --owner microblog --group microblog /static
COPY --from=build /venv /venv
COPY --from=build /app /app
WORKDIR /app
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    FLASK_APP=microblog.py \
    HOST=0.0.0.0 \
    PORT=5000 \
    DATA_DIR=/data \
    LOG_TO_STDOUT=1
USER 10001
VOLUME /data
EXPOSE 5000
HEALTHCHECK --interval=15s --timeout=6s --start-period=30s --retries=3 \
    CMD ["python", "deploy/healthcheck.py"]
# The line `web` of the Procfile; for the worker, give the line `worker` instead.
CMD ["gunicorn", "--config", "deploy/gunicorn.conf.py", "microblog:app"]
