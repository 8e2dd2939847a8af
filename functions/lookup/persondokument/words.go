package persondokument

import (
	"fmt"

	"hjemmel/functions/lookup/page"
	"hjemmel/shared/policy/katalog"
)

// words are in one language: nb, nn or en.
type words struct{ spraak string }

var vocabulary = map[string]katalog.Text{
	"tittel":       {Nb: "Opplysninger fra Folkeregisteret", Nn: "Opplysningar frå Folkeregisteret", En: "Information from the National Population Register"},
	"om":           {Nb: "Om utskriften", Nn: "Om utskrifta", En: "About this document"},
	"organisasjon": {Nb: "Organisasjon", Nn: "Organisasjon", En: "Organisation"},
	"rolle":        {Nb: "Rolle", Nn: "Rolle", En: "Role"},
	"omraade":      {Nb: "Tjenesteområde", Nn: "Tenesteområde", En: "Service area"},
	"hjemmel":      {Nb: "Hjemmel", Nn: "Heimel", En: "Legal basis"},
	"formaal":      {Nb: "Formål", Nn: "Føremål", En: "Purpose"},
	"hentet":       {Nb: "Hentet av", Nn: "Henta av", En: "Retrieved by"},
	"tid":          {Nb: "Tidspunkt", Nn: "Tidspunkt", En: "Time"},
	"kvittering":   {Nb: "Kvittering", Nn: "Kvittering", En: "Receipt"},
	"postadresse":  {Nb: "Brev sendes til", Nn: "Brev går til", En: "Letters go to"},
	"adresse":      {Nb: "Adresse", Nn: "Adresse", En: "Address"},
	"gyldig":       {Nb: "Gyldig", Nn: "Gyldig", En: "Valid"},
	"kilde":        {Nb: "Kilde", Nn: "Kjelde", En: "Source"},
	"aarsak":       {Nb: "Årsak", Nn: "Årsak", En: "Cause"},
	"registrert":   {Nb: "Registrert i Folkeregisteret", Nn: "Registrert i Folkeregisteret", En: "Registered in the National Population Register"},
	"ikkeHer":      {Nb: "Det som ikke står her", Nn: "Det som ikkje står her", En: "What is not here"},
	"ingenting":    {Nb: "Ingenting å vise om:", Nn: "Ingenting å vise om:", En: "Nothing to show about:"},
	"utenfor":      {Nb: "Ikke del av rollen:", Nn: "Ikkje del av rolla:", En: "Not part of the role:"},
	"tidligere":    {Nb: "%s (tidligere)", Nn: "%s (tidlegare)", En: "%s (former)"},
	"alder":        {Nb: "%s, %d år", Nn: "%s, %d år", En: "%s, aged %d"},
	"fra":          {Nb: "fra %s", Nn: "frå %s", En: "from %s"},
	"til":          {Nb: "til %s", Nn: "til %s", En: "until %s"},
	"fraTil":       {Nb: "fra %s til %s", Nn: "frå %s til %s", En: "from %s until %s"},
	"bunn":         {Nb: "%s · kvittering %s · side %d av %d", Nn: "%s · kvittering %s · side %d av %d", En: "%s · receipt %s · page %d of %d"},
}

func (w words) in(t katalog.Text) string {
	switch w.spraak {
	case "nn":
		return t.Nn
	case "en":
		return t.En
	}
	return t.Nb
}

func (w words) of(key string) string { return w.in(vocabulary[key]) }

func (w words) with(key string, of ...any) string { return fmt.Sprintf(w.of(key), of...) }

// tag is the language as a reader of the file knows it.
func (w words) tag() string {
	return map[string]string{"nb": "nb-NO", "nn": "nn-NO", "en": "en-GB"}[w.spraak]
}

// period says from when until when, by Norwegian days; "" where neither is known.
func (w words) period(from, until string) string {
	f, t := page.Day(from), page.Day(until)
	switch {
	case f != "" && t != "":
		return w.with("fraTil", f, t)
	case f != "":
		return w.with("fra", f)
	case t != "":
		return w.with("til", t)
	}
	return ""
}
