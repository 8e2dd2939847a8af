package web

import (
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"errors"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
)

// dist holds the built page in side/, where it was built, and a plain page that says so where it was not.
//
//go:embed dist
var dist embed.FS

// file is one file of the page, as it is and compressed.
type file struct {
	media, keep, etag string
	encoded           map[string][]byte // by content coding; "" is as it is
}

// site is the built page.
type site struct {
	files  map[string]file // by address
	index  file
	secure bool
}

// Files that are named by their contents may be kept for good; everything else is asked for anew.
const (
	forGood = "public, max-age=31536000, immutable"
	anew    = "no-cache"
)

func newSite(secure bool) (*site, error) {
	s := &site{files: map[string]file{}, secure: secure}
	err := fs.WalkDir(dist, "dist/side", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasSuffix(name, ".br") || strings.HasSuffix(name, ".gz") {
			return err
		}
		s.files[strings.TrimPrefix(name, "dist/side")], err = read(name)
		return err
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	var ok bool
	if s.index, ok = s.files["/index.html"]; !ok {
		s.index, err = read("dist/ikke-bygd.html")
		return s, err
	}
	return s, nil
}

func read(name string) (file, error) {
	f := file{media: mime.TypeByExtension(path.Ext(name)), keep: anew, encoded: map[string][]byte{}}
	if path.Ext(name) == ".woff2" { // unknown to some systems
		f.media = "font/woff2"
	}
	if strings.Contains(name, "/assets/") {
		f.keep = forGood
	}
	for coding, end := range map[string]string{"": "", "br": ".br", "gzip": ".gz"} {
		if b, err := dist.ReadFile(name + end); err == nil {
			f.encoded[coding] = b
		} else if coding == "" {
			return f, err
		}
	}
	sum := sha256.Sum256(f.encoded[""])
	f.etag = base64.RawURLEncoding.EncodeToString(sum[:12])
	return f, nil
}

// contentPolicy is what a browser lets the page do. A picture in data: is an icon of the design system's own style.
const contentPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; " +
	"manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types default"

// permissions turns off what the page never uses; the clipboard is for copying.
const permissions = "accelerometer=(), autoplay=(), camera=(), display-capture=(), encrypted-media=(), fullscreen=(), geolocation=(), gyroscope=(), " +
	"hid=(), idle-detection=(), magnetometer=(), microphone=(), midi=(), payment=(), publickey-credentials-get=(), screen-wake-lock=(), serial=(), usb=(), xr-spatial-tracking=()"

func (s *site) headers(h http.Header) {
	h.Set("Content-Security-Policy", contentPolicy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", permissions)
	if s.secure {
		h.Set("Strict-Transport-Security", "max-age=63072000; includeSubDomains")
	}
}

// ServeHTTP answers with a file of the page.
func (s *site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.headers(w.Header())
	f, ok := s.files[r.URL.Path]
	if !ok {
		http.NotFound(w, r)
		return
	}
	f.serve(w, r)
}

// orElse answers a browser that goes to an address with the page, which knows its own addresses, and leaves
// everything else to others.
func (s *site) orElse(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, known := s.files[r.URL.Path]
		switch {
		case r.Method != http.MethodGet && r.Method != http.MethodHead:
			next.ServeHTTP(w, r)
		case known:
			s.ServeHTTP(w, r)
		case r.URL.Path == "/" || strings.Contains(r.Header.Get("Accept"), "text/html"):
			s.headers(w.Header())
			s.index.serve(w, r)
		default:
			next.ServeHTTP(w, r)
		}
	})
}

func (f file) serve(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Cache-Control", f.keep)
	h.Set("Content-Type", f.media)
	h.Set("Vary", "Accept-Encoding")
	b, tag := f.encoded[""], f.etag
	for _, coding := range []string{"br", "gzip"} {
		if packed, ok := f.encoded[coding]; ok && strings.Contains(r.Header.Get("Accept-Encoding"), coding) {
			h.Set("Content-Encoding", coding)
			b, tag = packed, tag+"-"+coding
			break
		}
	}
	h.Set("ETag", `"`+tag+`"`)
	if r.Header.Get("If-None-Match") == `"`+tag+`"` {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	if r.Method != http.MethodHead {
		_, _ = w.Write(b) // the browser may be gone
	}
}
