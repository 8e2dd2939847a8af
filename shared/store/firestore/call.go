package firestore

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"hjemmel/shared/store"
)

// tries bounds the attempts of one call: with pauses from 10 ms that double, about a second in all.
const tries = 8

// readAgain: a read may be repeated whatever came of it.
func readAgain(c codes.Code) bool {
	return c == codes.Unavailable || c == codes.Internal || c == codes.Aborted
}

// commitAgain: Aborted is contention and says that nothing was done. Every other code leaves open
// whether something was, or will come again.
func commitAgain(c codes.Code) bool { return c == codes.Aborted }

// call does one call within the timeout, and again while that is allowed. What it returns is a
// fault, or store.ErrConflict from do.
func (s *Store) call(ctx context.Context, again func(codes.Code) bool, do func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, s.timeout)
	defer cancel()
	routed := metadata.AppendToOutgoingContext(ctx, "google-cloud-resource-prefix", s.database)
	pause := 10 * time.Millisecond
	for n := 1; ; n++ {
		err := do(routed)
		if err == nil || errors.Is(err, store.ErrConflict) {
			return err
		}
		if n == tries || !again(status.Code(err)) || !slept(ctx, pause/2+rand.N(pause/2)) { //nolint:gosec // jitter
			return mapped(ctx, err)
		}
		pause *= 2
	}
}

func slept(ctx context.Context, d time.Duration) bool {
	select {
	case <-time.After(d):
		return true
	case <-ctx.Done():
		return false
	}
}

// refused knows the answers to a failed precondition: a document that exists, that has an older
// update time, that is not there to have one, or that has never been as new as that. The last has no
// code of its own (seen on the emulator).
func refused(err error) bool {
	switch status.Code(err) {
	case codes.AlreadyExists, codes.FailedPrecondition, codes.NotFound:
		return true
	case codes.InvalidArgument:
		return strings.Contains(status.Convert(err).Message(), "greater than the stored version")
	}
	return false
}

// mapped turns an error of the call into a fault.
func mapped(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return store.Unavailable(ctx.Err())
	}
	switch status.Code(err) {
	case codes.DeadlineExceeded: // the server may notice first
		return store.Unavailable(context.DeadlineExceeded)
	case codes.InvalidArgument, codes.NotFound, codes.AlreadyExists, codes.FailedPrecondition, codes.OutOfRange,
		codes.PermissionDenied, codes.Unauthenticated, codes.Unimplemented, codes.DataLoss:
		return store.Broken(quiet(err))
	}
	if errors.Is(err, errDocument) {
		return store.Broken(err)
	}
	return store.Unavailable(quiet(err))
}

// quiet keeps the message where it is about access or the line and names no document, and so no key.
// Elsewhere only the code is left.
func quiet(err error) error {
	c, message := status.Code(err), status.Convert(err).Message()
	switch c {
	case codes.PermissionDenied, codes.Unauthenticated, codes.Unavailable, codes.ResourceExhausted:
		if !strings.Contains(message, "/documents/") {
			return fmt.Errorf("firestore: %v: %s", c, message)
		}
	}
	return fmt.Errorf("firestore: %v", c)
}
