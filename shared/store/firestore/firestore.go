// Package firestore keeps the state in one collection of a Firestore database: the driver of the
// state port for Google Cloud.
//
// Use it when instances come and go on several machines and nobody wants to run a database: Cloud
// Functions, Cloud Run, Knative on Google Cloud. Use store/sqlite when one machine owns the state.
//
// A record is a document whose id is the key, escaped so that Firestore's order of ids is the key
// order. It has two fields: v, the value, and n, a number drawn for each commit, without which
// Firestore would take a write of the same value for no write and keep the revision. A revision is
// the document's update time. A Commit is one Commit request with preconditions: no interactive
// transaction, no read, no lock held between requests. Reads are strongly consistent.
//
// Required configuration, which the emulator does not enforce: no field of the collection may be
// indexed, for the indexes would hold the values once more, cut at 1500 bytes, and each write would
// pay for them. The order of ids needs no index.
//
//	gcloud firestore indexes fields update '*' --collection-group=COLLECTION --disable-indexes
//
// Writes of keys that rise with time meet one shard (500 a second); put a part that spreads in front.
//
// It refuses documents that are not of its making, and it does not repeat a commit whose outcome is
// unknown: a repetition would meet its own first try and call it a conflict.
package firestore

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"sync"
	"time"

	vkit "cloud.google.com/go/firestore/apiv1"
	pb "cloud.google.com/go/firestore/apiv1/firestorepb"
	"google.golang.org/api/option"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	"hjemmel/shared/store"
)

// Config says where the records are.
type Config struct {
	Project    string        // Google Cloud project id
	Database   string        // empty means "(default)"
	Collection string        // top-level collection that holds nothing else
	Timeout    time.Duration // for each call, tries included; zero means 15 s
}

// Store is the driver. Make it with [Open].
type Store struct {
	client     *vkit.Client
	database   string // projects/P/databases/D
	collection string
	timeout    time.Duration
	close      func() error
}

var _ store.Store = (*Store)(nil)

// Open connects with the credentials of the environment, or to the emulator at
// FIRESTORE_EMULATOR_HOST (host:port) when that is set, and reads once to see that the database
// answers. Errors: Internal for a configuration that cannot work, Unavailable otherwise.
func Open(ctx context.Context, c Config) (*Store, error) {
	s, err := c.store()
	if err != nil {
		return nil, store.Broken(err)
	}
	// Credentials keep the context and renew tokens by it, long after who opens has stopped waiting.
	if s.client, err = dial(context.WithoutCancel(ctx), os.Getenv("FIRESTORE_EMULATOR_HOST")); err != nil {
		return nil, store.Broken(err)
	}
	s.close = sync.OnceValue(s.client.Close)
	if _, err := s.GetMany(ctx, []string{"ping"}); err != nil {
		return nil, errors.Join(err, s.close())
	}
	return s, nil
}

// name is what a part of a resource name may be, stricter than Firestore.
var name = regexp.MustCompile(`^[a-z0-9A-Z][a-z0-9A-Z:._-]{0,99}$`)

func (c Config) store() (*Store, error) {
	if c.Database == "" {
		c.Database = "(default)"
	}
	if c.Timeout == 0 {
		c.Timeout = 15 * time.Second
	}
	if !name.MatchString(c.Project) || !name.MatchString(c.Collection) ||
		c.Database != "(default)" && !name.MatchString(c.Database) || c.Timeout < 0 {
		return nil, errors.New("firestore: project, database, collection or timeout is unlawful")
	}
	return &Store{
		database:   fmt.Sprintf("projects/%s/databases/%s", c.Project, c.Database),
		collection: c.Collection,
		timeout:    c.Timeout,
	}, nil
}

func dial(ctx context.Context, emulator string) (*vkit.Client, error) {
	var options []option.ClientOption
	if emulator != "" {
		conn, err := grpc.NewClient("passthrough:///"+emulator,
			grpc.WithTransportCredentials(insecure.NewCredentials()), grpc.WithPerRPCCredentials(owner{}))
		if err != nil {
			return nil, err
		}
		options = append(options, option.WithGRPCConn(conn))
	}
	client, err := vkit.NewClient(ctx, options...)
	if err != nil {
		return nil, err
	}
	client.CallOptions = &vkit.CallOptions{} // its retries repeat commits of unknown outcome
	return client, nil
}

// owner is the credential that the emulator takes for an administrator's.
type owner struct{}

func (owner) GetRequestMetadata(context.Context, ...string) (map[string]string, error) {
	return map[string]string{"authorization": "Bearer owner"}, nil
}

func (owner) RequireTransportSecurity() bool { return false }

// Close closes the connection. Closing again does nothing.
func (s *Store) Close() error { return s.close() }

// Get gives the record at key, or store.ErrNotFound.
func (s *Store) Get(ctx context.Context, key string) (store.Record, error) {
	found, err := s.GetMany(ctx, []string{key})
	if err != nil {
		return store.Record{}, err
	}
	r, ok := found[key]
	if !ok {
		return store.Record{}, store.ErrNotFound
	}
	return r, nil
}

// batch is how many documents one request asks for.
const batch = 1000

// GetMany gives the records that exist. It is not a snapshot: records may be as of moments that a
// commit lies between.
func (s *Store) GetMany(ctx context.Context, keys []string) (map[string]store.Record, error) {
	if err := store.CheckKeys(keys...); err != nil {
		return nil, err
	}
	found := make(map[string]store.Record, len(keys))
	for len(keys) > 0 {
		n := min(batch, len(keys))
		if err := s.call(ctx, readAgain, func(ctx context.Context) error { return s.fetch(ctx, keys[:n], found) }); err != nil {
			return nil, err
		}
		keys = keys[n:]
	}
	return found, nil
}

func (s *Store) fetch(ctx context.Context, keys []string, found map[string]store.Record) error {
	req := &pb.BatchGetDocumentsRequest{Database: s.database}
	for _, k := range keys {
		req.Documents = append(req.Documents, s.document(k))
	}
	stream, err := s.client.BatchGetDocuments(ctx, req)
	if err != nil {
		return err
	}
	return drain(stream.Recv, func(res *pb.BatchGetDocumentsResponse) error {
		if res.GetFound() == nil {
			return nil
		}
		r, err := s.record(res.GetFound())
		found[r.Key] = r
		return err
	})
}

// Scan gives the records of a prefix in key order, all as of one moment.
func (s *Store) Scan(ctx context.Context, prefix, after string, limit int) (found []store.Record, err error) {
	if err := store.CheckScan(prefix, after, limit); err != nil {
		return nil, err
	}
	req := &pb.RunQueryRequest{
		Parent:    s.database + "/documents",
		QueryType: &pb.RunQueryRequest_StructuredQuery{StructuredQuery: s.query(prefix, after, limit)},
	}
	err = s.call(ctx, readAgain, func(ctx context.Context) error {
		found = nil
		stream, err := s.client.RunQuery(ctx, req)
		if err != nil {
			return err
		}
		return drain(stream.Recv, func(res *pb.RunQueryResponse) error {
			if res.GetDocument() == nil { // progress only
				return nil
			}
			r, err := s.record(res.GetDocument())
			found = append(found, r)
			return err
		})
	})
	return found, err
}

// drain receives until the stream ends.
func drain[T any](receive func() (T, error), take func(T) error) error {
	for {
		res, err := receive()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := take(res); err != nil {
			return err
		}
	}
}

// Commit does all the operations or none in one request.
func (s *Store) Commit(ctx context.Context, ops ...store.Op) error {
	if err := store.CheckOps(ops); err != nil {
		return err
	}
	writes, err := s.writes(ops)
	if err != nil {
		return err
	}
	return s.call(ctx, commitAgain, func(ctx context.Context) error {
		_, err := s.client.Commit(ctx, &pb.CommitRequest{Database: s.database, Writes: writes})
		if refused(err) && conditional(writes) {
			return store.ErrConflict
		}
		return err
	})
}
