// Command hjemmel-verify checks the sealed audit log with nothing but its public key: that a receipt's
// entries are in it, that those of a pack are, that it has only grown between two checkpoints, or the log as a whole. It asks nobody
// but the files that it is given.
package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"hjemmel/shared/audit/tiles"
)

const usage = `Bruk: hjemmel-verify -key NØKKEL|@FIL ...

  kvittering KVITTERING BEVISFIL          innslagene bak en kvittering er i loggen
  pakke BEVISFIL                          innslagene i en bevispakke står i loggen, uendret
  konsistens ELDRE NYERE BEVISFIL         loggen har bare vokst mellom to sjekkpunkter
  logg MAPPE|URL [SJEKKPUNKTMAPPE]        hele loggen stemmer, og med alle sjekkpunktene i mappen

NØKKEL er det som /hjemmel/v1/logg/noekkel ga da du stolte på det. BEVISFIL er svaret fra
/hjemmel/v1/logg/bevis/{kvittering} eller /hjemmel/v1/logg/konsistens, eller bevis.json fra en bevispakke.
`

func main() {
	err := run(context.Background(), os.Args[1:], os.Stdout)
	switch {
	case err == nil:
	case errors.Is(err, errUsage):
		fmt.Fprint(os.Stderr, usage)
		os.Exit(2)
	default:
		fmt.Fprintln(os.Stderr, "STEMMER IKKE:", err)
		os.Exit(1)
	}
}

var errUsage = errors.New("wrong arguments")

// run checks what the arguments say and tells what was found; an error means that it does not hold.
func run(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("hjemmel-verify", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	key := flags.String("key", "", "")
	if flags.Parse(args) != nil || *key == "" || flags.NArg() < 2 {
		return errUsage
	}
	if name, ok := strings.CutPrefix(*key, "@"); ok {
		b, err := os.ReadFile(name) //nolint:gosec // the user names the file
		if err != nil {
			return err
		}
		*key = string(b)
	}
	what, rest := flags.Arg(0), flags.Args()[1:]
	switch {
	case what == "kvittering" && len(rest) == 2:
		return receipt(*key, rest[0], rest[1], out)
	case what == "pakke" && len(rest) == 1:
		return pack(*key, rest[0], out)
	case what == "konsistens" && len(rest) == 3:
		return growth(*key, rest, out)
	case what == "logg" && len(rest) <= 2:
		return whole(ctx, *key, rest, out)
	}
	return errUsage
}

func receipt(key, receipt, file string, out io.Writer) error {
	b, err := os.ReadFile(file) //nolint:gosec // the user names the file
	if err != nil {
		return err
	}
	p, err := tiles.Read[tiles.Inclusion](b)
	if err != nil {
		return err
	}
	if p.Kvittering != strings.TrimSpace(receipt) {
		return errors.New("beviset gjelder en annen kvittering")
	}
	if err := p.Verify(key); err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "Stemmer: %d innslag er i loggen.\n", len(p.Blad))
	return err
}

func pack(key, file string, out io.Writer) error {
	b, err := os.ReadFile(file) //nolint:gosec // the user names the file
	if err != nil {
		return err
	}
	p, err := tiles.Read[tiles.Pack](b)
	if err != nil {
		return err
	}
	if err := p.Verify(key); err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "Stemmer: %d innslag står i loggen, uendret.\n", len(p.Innslag))
	return err
}

func growth(key string, files []string, out io.Writer) error {
	var read [3][]byte
	for i, name := range files {
		b, err := os.ReadFile(name) //nolint:gosec // the user names the files
		if err != nil {
			return err
		}
		read[i] = b
	}
	c, err := tiles.Read[tiles.Consistency](read[2])
	if err != nil {
		return err
	}
	if err := c.Verify(key, read[0], read[1]); err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "Stemmer: loggen med %d innslag begynner med loggen med %d.\n", c.Til, c.Fra)
	return err
}

func whole(ctx context.Context, key string, at []string, out io.Writer) error {
	tree, leaves, err := tiles.Check(ctx, fetch(at[0]), key)
	if err != nil {
		return err
	}
	n := 0
	if len(at) == 2 {
		if n, err = checkpoints(key, at[1], tiles.Roots(leaves)); err != nil {
			return err
		}
	}
	_, err = fmt.Fprintf(out, "Stemmer: %d innslag, rot %s, og %d andre sjekkpunkter.\n", tree.N, tree.Hash, n)
	return err
}

// checkpoints holds every checkpoint that lies in a folder against the log.
func checkpoints(key, folder string, root tiles.RootAt) (n int, err error) {
	err = filepath.WalkDir(folder, func(name string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(name) //nolint:gosec // the user names the folder
		if err != nil {
			return err
		}
		tree, err := tiles.OpenCheckpoint(b, key)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		n++
		hash, err := root(tree.N)
		if errors.Is(err, tiles.ErrSize) {
			return fmt.Errorf("%s: loggen er tatt tilbake, den hadde %d innslag", name, tree.N)
		}
		if err != nil || !bytes.Equal(hash[:], tree.Hash[:]) {
			return fmt.Errorf("%s: sjekkpunktet er fra en annen logg enn denne", name)
		}
		return nil
	})
	return n, err
}
