#!/bin/sh
# Brings Temporal's databases to the schema of this image's version. Safe to run again: version 0.0 is only written
# where there is none. Run before the server of a new version, one minor version at a time.
set -eu

update() {
  export SQL_DATABASE="$1"
  temporal-sql-tool setup-schema -v 0.0
  temporal-sql-tool update-schema --schema-name "postgresql/v12/$2"
}

update temporal temporal
update temporal_visibility visibility
