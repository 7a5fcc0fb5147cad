# ToteTaxi's image: API, worker and command line. Every step is a script of deploy/ that the tests
# run too. Build it with `docker build --tag totetaxi .`; see docs/operations.md, "In containers".

FROM python:3.11-slim-trixie AS build
WORKDIR /source

# What changes seldom comes first: with the same locks these layers are kept.
COPY requirements/ requirements/
COPY --chmod=0755 deploy/install_lock.sh deploy/
RUN deploy/install_lock.sh requirements/build.lock /opt/build
# A layer of its own, which is kept when the other lock changes.
# hadolint ignore=DL3059
RUN deploy/install_lock.sh requirements/all.lock /opt/totetaxi

COPY pyproject.toml README.md ./
COPY src/ src/
COPY --chmod=0755 deploy/install_package.sh deploy/
RUN deploy/install_package.sh /opt/totetaxi /opt/build/bin/python


FROM python:3.11-slim-trixie
ENV PATH=/opt/totetaxi/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    PORT=8000 \
    TOTETAXI_DATA_DIR=/var/lib/totetaxi
WORKDIR /opt/totetaxi

COPY --chmod=0755 deploy/make_account.sh deploy/check_image.py deploy/
COPY --chmod=0755 deploy/entrypoint.sh deploy/health_check.py deploy/
RUN deploy/make_account.sh /
COPY --from=build /opt/totetaxi /opt/totetaxi

# By number: who schedules containers can tell that it is not root.
USER 10001:10001
RUN deploy/check_image.py --account

EXPOSE 8000
VOLUME /var/lib/totetaxi
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=3 \
    CMD ["/opt/totetaxi/deploy/health_check.py"]
ENTRYPOINT ["/opt/totetaxi/deploy/entrypoint.sh"]
CMD ["serve", "--host", "0.0.0.0"]
