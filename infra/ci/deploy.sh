#!/usr/bin/env bash
# Deploys an overlay to the cluster that kubectl reaches, with images named by digest, waits for the rollout, and undoes
# what does not become ready.    usage: deploy.sh OVERLAY FILE…   (a line of each: ticketing/orders=registry/orders@sha256:…)
# HOST, where it is given, is the name that people type.
set -euo pipefail
overlay=$1
shift
namespace=ticketing
wait=${ROLLOUT_SECONDS:-300}
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)

# An overlay of its own: nothing in the repository is changed. kustomize wants its paths relative.
work=$root/.local/deploy
rm -rf "$work"
mkdir -p "$work"
{
  printf 'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [../../%s]\nimages:\n' "$overlay"
  for file in "$@"; do
    IFS='=' read -r name image <"$file"
    printf -- '  - name: %s\n    newName: %s\n    digest: %s\n' "$name" "${image%@*}" "${image#*@}"
  done
  if [ -n "${HOST:-}" ]; then
    printf 'patches:\n  - target: { kind: Ingress }\n    patch: |\n'
    printf '      - { op: replace, path: /spec/rules/0/host, value: "%s" }\n' "$HOST"
    printf '      - { op: replace, path: /spec/tls/0/hosts/0, value: "%s" }\n' "$HOST"
  fi
} >"$work/kustomization.yaml"

# What is wrong in itself is told before anything has changed.
kubectl apply --server-side --dry-run=server -k "$work" >/dev/null
# What each was before, to go back to: a Deployment that this does not change shall not go back further.
before=$(kubectl -n "$namespace" get deployments -o \
  jsonpath='{range .items[*]}{.metadata.name} {.metadata.annotations.deployment\.kubernetes\.io/revision}{"\n"}{end}')
kubectl apply --server-side -k "$work"

failed=()
for deployment in $(kubectl -n "$namespace" get deployments -o name); do
  kubectl -n "$namespace" rollout status "$deployment" --timeout="${wait}s" || failed+=("$deployment")
done
[ ${#failed[@]} = 0 ] && exit 0

echo "these did not become ready, and all are undone: ${failed[*]}" >&2
for deployment in "${failed[@]}"; do kubectl -n "$namespace" describe "$deployment" | tail -n 20 >&2; done
while read -r name revision; do
  [ -n "$name" ] && kubectl -n "$namespace" rollout undo "deployment/$name" --to-revision="$revision"
done <<<"$before"
while read -r name _; do
  [ -n "$name" ] && kubectl -n "$namespace" rollout status "deployment/$name" --timeout="${wait}s"
done <<<"$before"
exit 1
