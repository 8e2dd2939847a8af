package firestore_test

import (
	"context"
	"errors"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	pb "cloud.google.com/go/firestore/apiv1/firestorepb"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/timestamppb"

	"hjemmel/shared/fault"
	"hjemmel/shared/store"
	"hjemmel/shared/store/firestore"
)

// secret is in each key and in each message of the server: no error may show it.
const secret = "hemmelig"

// server is a Firestore that answers as a test wants, for what the emulator cannot be made to do.
type server struct {
	pb.UnimplementedFirestoreServer
	commit  func(ctx context.Context, nth int32) error
	read    func(nth int32) (*pb.Document, error) // of the BatchGetDocuments after Open's
	commits atomic.Int32
	reads   atomic.Int32
	routed  atomic.Bool
}

func (s *server) Commit(ctx context.Context, req *pb.CommitRequest) (*pb.CommitResponse, error) {
	md, _ := metadata.FromIncomingContext(ctx)
	s.routed.Store(strings.Join(md["google-cloud-resource-prefix"], "") == req.Database)
	return &pb.CommitResponse{}, s.commit(ctx, s.commits.Add(1))
}

func (s *server) BatchGetDocuments(_ *pb.BatchGetDocumentsRequest, out pb.Firestore_BatchGetDocumentsServer) error {
	if s.read == nil {
		return nil
	}
	d, err := s.read(s.reads.Add(1))
	if err != nil {
		return err
	}
	return out.Send(&pb.BatchGetDocumentsResponse{Result: &pb.BatchGetDocumentsResponse_Found{Found: d}})
}

func (s *server) RunQuery(_ *pb.RunQueryRequest, out pb.Firestore_RunQueryServer) error {
	d, err := s.read(s.reads.Add(1))
	if err != nil {
		return err
	}
	return out.Send(&pb.RunQueryResponse{Document: d})
}

// dialled serves s on the loopback and opens a store on it.
func dialled(t *testing.T, s *server, timeout time.Duration) *firestore.Store {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	g := grpc.NewServer()
	pb.RegisterFirestoreServer(g, s)
	go func() { _ = g.Serve(l) }() // ends with Stop
	t.Cleanup(g.Stop)
	t.Setenv("FIRESTORE_EMULATOR_HOST", l.Addr().String())
	read := s.read
	s.read = nil // Open's ping finds nothing
	f, err := firestore.Open(t.Context(), firestore.Config{Project: "p", Collection: "c", Timeout: timeout})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	s.read = read
	return f
}

func fails(c codes.Code) error {
	return status.Error(c, "about projects/p/databases/(default)/documents/c/k:"+secret)
}

// Only contention is tried again, for it alone says that nothing was done.
func TestCommitCodes(t *testing.T) {
	for code, want := range map[codes.Code]fault.Kind{
		codes.Unavailable: fault.Unavailable, codes.Internal: fault.Unavailable, codes.Unknown: fault.Unavailable,
		codes.DeadlineExceeded: fault.Unavailable, codes.Canceled: fault.Unavailable, codes.ResourceExhausted: fault.Unavailable,
		codes.PermissionDenied: fault.Internal, codes.Unauthenticated: fault.Internal, codes.InvalidArgument: fault.Internal,
	} {
		t.Run(code.String(), func(t *testing.T) {
			s := &server{commit: func(context.Context, int32) error { return fails(code) }}
			err := dialled(t, s, 0).Commit(t.Context(), store.Create(secret, nil))
			if !fault.Is(err, want) || errors.Is(err, store.ErrConflict) {
				t.Errorf("got %v, want a fault of kind %v", err, want)
			}
			if n := s.commits.Load(); n != 1 {
				t.Errorf("tried %d times, want once", n)
			}
			if !s.routed.Load() {
				t.Error("the request does not name its database in the header")
			}
		})
	}
}

func TestCommitConflicts(t *testing.T) {
	for _, code := range []codes.Code{codes.AlreadyExists, codes.FailedPrecondition, codes.NotFound} {
		s := dialled(t, &server{commit: func(context.Context, int32) error { return fails(code) }}, 0)
		if err := s.Commit(t.Context(), store.Create(secret, nil)); !errors.Is(err, store.ErrConflict) {
			t.Errorf("%v: got %v, want a conflict", code, err)
		}
		if err := s.Commit(t.Context(), store.Put(secret, nil)); errors.Is(err, store.ErrConflict) || !fault.Is(err, fault.Internal) {
			t.Errorf("%v: got %v without a precondition, want a fault of kind Internal", code, err)
		}
	}
}

func TestContention(t *testing.T) {
	s := &server{commit: func(_ context.Context, nth int32) error {
		if nth < 4 {
			return fails(codes.Aborted)
		}
		return nil
	}}
	if err := dialled(t, s, 0).Commit(t.Context(), store.Create("a", nil)); err != nil || s.commits.Load() != 4 {
		t.Errorf("got %v after %d tries, want success at the fourth", err, s.commits.Load())
	}
	s = &server{commit: func(context.Context, int32) error { return fails(codes.Aborted) }}
	if err := dialled(t, s, 0).Commit(t.Context(), store.Create("a", nil)); !fault.Is(err, fault.Unavailable) || s.commits.Load() > 10 {
		t.Errorf("got %v after %d tries, want an end to them", err, s.commits.Load())
	}
}

func TestTimeout(t *testing.T) {
	hang := func(ctx context.Context, _ int32) error { <-ctx.Done(); return ctx.Err() }
	err := dialled(t, &server{commit: hang}, 20*time.Millisecond).Commit(t.Context(), store.Create("a", nil))
	if !errors.Is(err, context.DeadlineExceeded) || !fault.Is(err, fault.Unavailable) {
		t.Errorf("got %v, want the deadline", err)
	}
	begun := make(chan struct{})
	ctx, cancel := context.WithCancel(t.Context())
	go func() { <-begun; cancel() }()
	s := dialled(t, &server{commit: func(ctx context.Context, n int32) error { close(begun); return hang(ctx, n) }}, 0)
	if err := s.Commit(ctx, store.Create("a", nil)); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want canceled", err)
	}
}

func TestReadsAgain(t *testing.T) {
	for _, code := range []codes.Code{codes.Unavailable, codes.Internal, codes.Aborted} {
		s := &server{read: func(nth int32) (*pb.Document, error) {
			if nth%2 == 1 {
				return nil, fails(code)
			}
			return document("a", true), nil
		}}
		f := dialled(t, s, 0)
		if r, err := f.Get(t.Context(), "a"); err != nil || string(r.Value) != "v" {
			t.Errorf("get: %v", err)
		}
		if found, err := f.Scan(t.Context(), "", "", 10); err != nil || len(found) != 1 {
			t.Errorf("scan: %v", err)
		}
	}
}

func TestReadCodes(t *testing.T) {
	for code, want := range map[codes.Code]fault.Kind{
		codes.NotFound: fault.Internal, codes.PermissionDenied: fault.Internal, codes.FailedPrecondition: fault.Internal,
		codes.Unavailable: fault.Unavailable, codes.ResourceExhausted: fault.Unavailable,
	} {
		f := dialled(t, &server{read: func(int32) (*pb.Document, error) { return nil, fails(code) }}, 300*time.Millisecond)
		_, get := f.Get(t.Context(), secret)
		_, scan := f.Scan(t.Context(), secret, "", 1)
		for _, err := range []error{get, scan} {
			if !fault.Is(err, want) || errors.Is(err, store.ErrNotFound) || errors.Is(err, store.ErrConflict) {
				t.Errorf("%v: got %v, want a fault of kind %v", code, err, want)
			}
		}
	}
}

// What the messages say of documents stays out of the errors.
func TestErrorsAreQuiet(t *testing.T) {
	for code := codes.Canceled; code <= codes.Unauthenticated; code++ {
		f := dialled(t, &server{
			commit: func(context.Context, int32) error { return fails(code) },
			read:   func(int32) (*pb.Document, error) { return nil, fails(code) },
		}, 50*time.Millisecond)
		_, get := f.Get(t.Context(), secret)
		for _, err := range []error{get, f.Commit(t.Context(), store.Create(secret, nil)), f.Commit(t.Context(), store.Put(secret, nil))} {
			if err == nil || strings.Contains(err.Error(), secret) {
				t.Errorf("%v: %v", code, err)
			}
		}
	}
}

func TestForeignDocument(t *testing.T) {
	late := document("a", true)
	late.Name = "projects/p/databases/(default)/documents/c/" + secret
	for _, d := range []*pb.Document{document("a", false), late, {Name: late.Name}} {
		f := dialled(t, &server{read: func(int32) (*pb.Document, error) { return d, nil }}, 0)
		if _, err := f.Scan(t.Context(), "", "", 1); !fault.Is(err, fault.Internal) || strings.Contains(err.Error(), secret) {
			t.Errorf("got %v, want a fault of kind Internal", err)
		}
		if _, err := f.Get(t.Context(), "a"); !fault.Is(err, fault.Internal) {
			t.Errorf("got %v, want a fault of kind Internal", err)
		}
	}
}

func document(key string, whole bool) *pb.Document {
	d := &pb.Document{Name: "projects/p/databases/(default)/documents/c/k:" + key, UpdateTime: timestamppb.New(time.UnixMicro(1))}
	if whole {
		d.Fields = map[string]*pb.Value{"v": {ValueType: &pb.Value_BytesValue{BytesValue: []byte("v")}}}
	}
	return d
}

func TestOpenRefuses(t *testing.T) {
	t.Setenv("FIRESTORE_EMULATOR_HOST", "127.0.0.1:1")
	for _, c := range []firestore.Config{{}, {Project: "p"}, {Collection: "c"}, {Project: "p", Collection: "a/b"}, {Project: "p", Collection: "__c__"},
		{Project: "p", Collection: "c", Database: "d/documents"}, {Project: "p", Collection: "c", Timeout: -1}} {
		if _, err := firestore.Open(t.Context(), c); !fault.Is(err, fault.Internal) {
			t.Errorf("%+v: got %v, want a fault of kind Internal", c, err)
		}
	}
	if _, err := firestore.Open(t.Context(), firestore.Config{Project: "p", Collection: "c"}); !fault.Is(err, fault.Unavailable) {
		t.Errorf("got %v, want a fault of kind Unavailable when nobody answers", err)
	}
}
