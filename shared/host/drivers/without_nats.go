//go:build slim && !nats

package drivers

import "context"

func openNATS(context.Context, string, string) (Topic, error) { return Topic{}, errLeftOut }
