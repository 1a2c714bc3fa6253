#!/bin/sh
# Makes the namespace and the search attributes our workflows carry, where they are missing.
set -eu

temporal operator namespace describe --namespace default >/dev/null 2>&1 ||
  temporal operator namespace create --namespace default --retention 720h

# A new namespace can be used some seconds after it was made.
attempts=0
until known=$(temporal operator search-attribute list --namespace default); do
  attempts=$((attempts + 1))
  [ "$attempts" -lt 30 ] || exit 1
  sleep 1
done

for name in WorkspaceId AddonId Entity RequestId; do
  case "$known" in
    *"$name"*) ;;
    *) temporal operator search-attribute create --namespace default --name "$name" --type Keyword ;;
  esac
done
