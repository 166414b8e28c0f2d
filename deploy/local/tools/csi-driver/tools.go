//go:build tools

// Package tools pins what the cluster's programs are built from.
package tools

import (
	_ "sigs.k8s.io/secrets-store-csi-driver/cmd/secrets-store-csi-driver"
)
