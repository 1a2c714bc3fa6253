#!/bin/sh
# Runs once, when the image makes a new cluster.
set -eu

psql --set=ON_ERROR_STOP=1 --username="${POSTGRES_USER:-postgres}" --dbname=postgres \
  --set=owner_password="$OWNER_DB_PASSWORD" \
  --set=app_password="$APP_DB_PASSWORD" \
  --set=temporal_password="$TEMPORAL_DB_PASSWORD" \
  --file=/etc/clockify-api-studio/roles.sql
