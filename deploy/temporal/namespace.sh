#!/bin/sh
# Makes the namespace and the search attributes our workflows carry, where they are missing.
set -eu

temporal operator namespace describe --namespace default >/dev/null ||
  temporal operator namespace create --namespace default --retention 720h

known=$(temporal operator search-attribute list --namespace default)
for name in WorkspaceId AddonId Entity RequestId; do
  case "$known" in
    *"$name"*) ;;
    *) temporal operator search-attribute create --namespace default --name "$name" --type Keyword ;;
  esac
done
