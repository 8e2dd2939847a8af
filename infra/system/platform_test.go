package system

import (
	"crypto/rand"
	"os"
	"testing"

	"hjemmel/shared/host/hosttest/s3test"
	"hjemmel/shared/queue/topic/natstest"
	"hjemmel/shared/store/emulatortest"
	"hjemmel/shared/store/postgres/postgrestest"
)

// platform is what the functions stand on.
type platform struct {
	name                 string // of its image
	tags                 string
	state, queue, bucket string
	env                  []string // of every process, beside its settings
	// pushed tells where what is told of work is to be pushed; nil where workers listen.
	pushed func(t *testing.T, kind, to string)
}

// platforms are each started for the test that asks.
var platforms = map[string]func(*testing.T) platform{"google": google, "any cloud": anyCloud}

// google is Firestore, Pub/Sub and Cloud Storage, by their emulators.
func google(t *testing.T) platform {
	topic := "t" + rand.Text()
	p := platform{
		name: "gcp", tags: "slim,gcp,timetzdata",
		state: "firestore://" + emulatortest.Project + "/(default)/" + topic, queue: "gcppubsub://" + emulatortest.Project + "/" + topic,
		pushed: func(t *testing.T, kind, to string) { emulatortest.Push(t, topic+"-"+kind, to) },
	}
	for _, e := range []*emulatortest.Emulator{emulatortest.Firestore, emulatortest.PubSub, emulatortest.Storage} {
		p.env = append(p.env, e.Variable()+"="+e.Start(t))
	}
	p.bucket = emulatortest.Bucket(t)
	return p
}

// anyCloud is PostgreSQL, NATS and S3: the servers themselves, and of S3 one in this process.
func anyCloud(t *testing.T) platform {
	state, _ := postgrestest.Start(t).Fresh(t)
	p := platform{
		name: "any", tags: "slim,postgres,s3,nats,timetzdata",
		state: state + "&pool_max_conns=4", queue: "nats://" + natstest.Start(t).Host + "/hjemmel", bucket: s3test.Start(t, nil),
	}
	for _, name := range []string{"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"} {
		p.env = append(p.env, name+"="+os.Getenv(name))
	}
	return p
}
