// Package telemetry is how the system tells its operators what it does: structured logs, and, where a collector is given, traces and metrics.
//
// It refuses attributes that nobody has decided are safe: a key that is not in the list is written
// without its value, so that a number, a name or a token cannot slip into a log by carelessness.
package telemetry

import (
	"io"
	"log/slog"
)

// safe are the keys whose values hold no personal data by construction.
var safe = map[string]bool{
	slog.TimeKey: true, slog.MessageKey: true, "severity": true,
	"function": true, "route": true, "status": true, "milliseconds": true, "bytes": true,
	"requestId": true, "errorId": true, "code": true, "cause": true,
	"setting": true, "address": true, "signal": true, "count": true,
}

// NewLogger writes JSON lines in the form Cloud Logging reads (severity, message).
func NewLogger(w io.Writer, level slog.Leveler) *slog.Logger {
	return slog.New(slog.NewJSONHandler(w, &slog.HandlerOptions{Level: level, ReplaceAttr: replace}))
}

func replace(groups []string, a slog.Attr) slog.Attr {
	if len(groups) == 0 {
		switch a.Key {
		case slog.LevelKey:
			a.Key = "severity"
			if a.Value.Any() == slog.LevelWarn {
				a.Value = slog.StringValue("WARNING") // Cloud Logging's spelling (LogSeverity)
			}
		case slog.MessageKey:
			a.Key = "message"
			return a
		}
	}
	if len(groups) > 0 || !safe[a.Key] {
		return slog.String(a.Key, "▮")
	}
	return a
}
