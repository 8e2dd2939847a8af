//go:build gcp || !slim

package drivers

import (
	"context"
	"errors"
	"net/url"
	"strings"

	client "cloud.google.com/go/pubsub/v2"
	"gocloud.dev/pubsub/gcppubsubv2"

	"hjemmel/shared/queue/topic"
	"hjemmel/shared/store"
	"hjemmel/shared/store/firestore"
)

func openFirestore(ctx context.Context, u *url.URL) (store.Store, error) {
	part := strings.Split(strings.Trim(u.Path, "/"), "/")
	if u.Host == "" || len(part) != 2 {
		return nil, errors.New("must be firestore://PROJECT/DATABASE/COLLECTION")
	}
	return firestore.Open(ctx, firestore.Config{Project: u.Host, Database: part[0], Collection: part[1]})
}

func openPubSub(ctx context.Context, project, name string) (Topic, error) {
	c, err := client.NewClient(ctx, project)
	if err != nil {
		return Topic{}, err
	}
	t := gcppubsubv2.OpenTopic(c, name, nil)
	return Topic{Send: topic.Sender(t), Close: func() error { return errors.Join(t.Shutdown(ctx), c.Close()) }}, nil
}
