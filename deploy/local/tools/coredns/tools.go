//go:build tools

// Package tools pins what the cluster's programs are built from.
package tools

import (
	_ "github.com/coredns/coredns"
)
