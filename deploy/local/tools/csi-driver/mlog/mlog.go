// Package mlog stands in for a logging module of the CSI driver: the few calls that the driver makes, on klog.
package mlog

import (
	"context"
	"fmt"
	"os"

	"k8s.io/klog/v2"
)

// Format is how lines are written; this stand-in always writes text.
type Format string

const (
	FormatText Format = "text"
	FormatJSON Format = "json"
)

// Setup returns what is to be called at the end.
func Setup() func() { return klog.Flush }

// ValidateAndSetKlogLevelAndFormatGlobally takes the level from klog's own flag.
func ValidateAndSetKlogLevelAndFormatGlobally(_ context.Context, _ klog.Level, format Format) error {
	if format != FormatText && format != FormatJSON {
		return fmt.Errorf("unknown log format %q", format)
	}
	return nil
}

func Error(msg string, err error, keysAndValues ...any) { klog.ErrorS(err, msg, keysAndValues...) }

func Fatal(err error) {
	klog.ErrorS(err, "fatal")
	klog.Flush()
	os.Exit(1)
}
