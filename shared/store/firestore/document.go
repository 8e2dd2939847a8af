package firestore

import (
	"crypto/rand"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	pb "cloud.google.com/go/firestore/apiv1/firestorepb"
	"google.golang.org/protobuf/types/known/timestamppb"
	"google.golang.org/protobuf/types/known/wrapperspb"

	"hjemmel/shared/store"
)

// Firestore refuses ids with a slash, the ids "." and "..", and ids of the form __x__; it orders
// the rest bytewise (cloud.google.com/firestore/quotas). So an id begins with idPrefix, and the two
// neighbours '.' and '/' become ".." and ".:": two bytes each, neither the beginning of the other,
// in the same order, and still between '-' and '0'. That keeps the order of keys and keeps prefixes
// prefixes. An id has at most 2 + 2·512 bytes; Firestore allows 1500.
const idPrefix = "k:"

var (
	escape   = strings.NewReplacer(".", "..", "/", ".:")
	unescape = strings.NewReplacer("..", ".", ".:", "/")
)

// aboveAll orders after everything that a key can hold.
const aboveAll = "\uf8ff"

var errDocument = errors.New("firestore: the collection holds a document that is not of our making")

func id(key string) string { return idPrefix + escape.Replace(key) }

func (s *Store) document(key string) string { return s.reference(id(key)) }

func (s *Store) reference(id string) string {
	return s.database + "/documents/" + s.collection + "/" + id
}

// record reads a document.
func (s *Store) record(d *pb.Document) (store.Record, error) {
	escaped, ok := strings.CutPrefix(d.GetName(), s.reference(idPrefix))
	value, is := d.GetFields()["v"].GetValueType().(*pb.Value_BytesValue)
	if !ok || !is || d.GetUpdateTime() == nil {
		return store.Record{}, errDocument
	}
	return store.Record{Key: unescape.Replace(escaped), Value: value.BytesValue, Revision: format(d.GetUpdateTime())}, nil
}

// query asks for the ids that begin with a prefix and come after a key.
func (s *Store) query(prefix, after string, limit int) *pb.StructuredQuery {
	name := &pb.StructuredQuery_FieldReference{FieldPath: "__name__"}
	bound := func(op pb.StructuredQuery_FieldFilter_Operator, id string) *pb.StructuredQuery_Filter {
		return &pb.StructuredQuery_Filter{FilterType: &pb.StructuredQuery_Filter_FieldFilter{FieldFilter: &pb.StructuredQuery_FieldFilter{
			Field: name, Op: op, Value: &pb.Value{ValueType: &pb.Value_ReferenceValue{ReferenceValue: s.reference(id)}}}}}
	}
	from := bound(pb.StructuredQuery_FieldFilter_GREATER_THAN_OR_EQUAL, id(prefix))
	if after >= prefix {
		from = bound(pb.StructuredQuery_FieldFilter_GREATER_THAN, id(after))
	}
	to := bound(pb.StructuredQuery_FieldFilter_LESS_THAN, id(prefix)+aboveAll)
	return &pb.StructuredQuery{
		From: []*pb.StructuredQuery_CollectionSelector{{CollectionId: s.collection}},
		Where: &pb.StructuredQuery_Filter{FilterType: &pb.StructuredQuery_Filter_CompositeFilter{CompositeFilter: &pb.StructuredQuery_CompositeFilter{
			Op: pb.StructuredQuery_CompositeFilter_AND, Filters: []*pb.StructuredQuery_Filter{from, to}}}},
		OrderBy: []*pb.StructuredQuery_Order{{Field: name, Direction: pb.StructuredQuery_ASCENDING}},
		Limit:   wrapperspb.Int32(int32(limit)), //nolint:gosec // at most 1000
	}
}

// writes turns operations into writes with preconditions. A revision that cannot be ours is a
// conflict at once.
func (s *Store) writes(ops []store.Op) ([]*pb.Write, error) {
	nonce := make([]byte, 12)
	rand.Read(nonce)
	var all []*pb.Write
	for _, op := range ops {
		w := &pb.Write{Operation: &pb.Write_Update{Update: &pb.Document{
			Name: s.document(op.Key), Fields: map[string]*pb.Value{"v": bytesValue(op.Value), "n": bytesValue(nonce)}}}}
		switch op.Kind { //nolint:exhaustive // OpPut has no precondition
		case store.OpCreate:
			w.CurrentDocument = &pb.Precondition{ConditionType: &pb.Precondition_Exists{Exists: false}}
		case store.OpPutIf, store.OpDeleteIf:
			t, ok := parse(op.Revision)
			if !ok {
				return nil, store.ErrConflict
			}
			w.CurrentDocument = &pb.Precondition{ConditionType: &pb.Precondition_UpdateTime{UpdateTime: t}}
		}
		if op.Kind == store.OpDeleteIf {
			w.Operation = &pb.Write_Delete{Delete: s.document(op.Key)}
		}
		all = append(all, w)
	}
	return all, nil
}

func bytesValue(b []byte) *pb.Value { return &pb.Value{ValueType: &pb.Value_BytesValue{BytesValue: b}} }

// format writes an update time in microseconds, to which Firestore aligns it.
func format(t *timestamppb.Timestamp) store.Revision {
	return store.Revision(strconv.FormatInt(t.AsTime().UnixMicro(), 10))
}

// parse says no to a revision that format did not write.
func parse(r store.Revision) (*timestamppb.Timestamp, bool) {
	n, err := strconv.ParseInt(string(r), 10, 64)
	t := timestamppb.New(time.UnixMicro(n))
	return t, err == nil && n > 0 && format(t) == r && t.IsValid()
}

// conditional says whether a conflict is possible at all.
func conditional(writes []*pb.Write) bool {
	return slices.ContainsFunc(writes, func(w *pb.Write) bool { return w.CurrentDocument != nil })
}
