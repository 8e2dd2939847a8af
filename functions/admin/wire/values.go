package wire

import (
	"slices"
	"time"

	"hjemmel/shared/policy/katalog"
)

// Values is the answer of gyldigeverdier: what a role can be made of.
type Values struct {
	Tjenesteomraader []area     `json:"tjenesteomraader"`
	Bruksomraader    []named    `json:"bruksomraader"`
	Registre         []register `json:"registre"`
}

// Parts of Values.
type (
	during struct {
		GyldigFra time.Time `json:"gyldigFra,omitzero"`
		GyldigTil time.Time `json:"gyldigTil,omitzero"`
	}
	named struct {
		Kode string `json:"kode"`
		Navn string `json:"navn"`
	}
	area struct {
		Kode        string `json:"kode"`
		Navn        string `json:"navn"`
		Beskrivelse string `json:"beskrivelse"`
		Gyldig      bool   `json:"gyldig"`
		during
		KanHenteTaushet bool    `json:"kanHenteTaushetsbelagtInformasjon"`
		KanAapneGradert bool    `json:"kanAapneGradert"`
		Bruksomraader   []named `json:"bruksomraader"`
		Lovhjemler      []basis `json:"lovhjemler"`
		Regler          rules   `json:"regler"`
	}
	basis struct {
		ID string `json:"id"`
		during
		Beskrivelse   string   `json:"beskrivelse"`
		LovdataLenker []string `json:"lovdataLenker"`
	}
	rules struct {
		Registre []rule `json:"registre"`
	}
	rule struct {
		Register     string   `json:"register"`
		KanBrukes    bool     `json:"kanBrukes"`
		Opplysninger []string `json:"opplysninger"`
	}
	register struct {
		Register     string    `json:"register"`
		Opplysninger []element `json:"opplysninger"`
	}
	element struct {
		Overordnet  part   `json:"overordnet"`
		Underordnet []part `json:"underordnet"`
	}
	part struct {
		Navn           string `json:"navn"`
		Kode           string `json:"kode"`
		Beskrivelse    string `json:"beskrivelse,omitempty"`
		Taushetsbelagt bool   `json:"taushetsbelagt"`
		// Ours: the name in the three languages, and whether it must be given on its own, since what it is part of does not bring it along.
		Tekst           katalog.Text `json:"tekst"`
		KrevesEksplisit bool         `json:"krevesEksplisitt"`
	}
)

func partOf(o *katalog.Opplysning) part {
	return part{o.Navn.Nb, o.Kode, o.Beskrivelse.Nb, o.Taushetsbelagt, o.Navn, o.KrevesEksplisit}
}

var uses = map[katalog.Bruk]string{
	katalog.Soek: "Søk etter person", katalog.Innbyggerliste: "Innbyggerlister", katalog.BrukerHendelser: "Hendelser",
}

func usesOf(all []katalog.Bruk) []named {
	out := []named{}
	for _, b := range all {
		out = append(out, named{string(b), uses[b]})
	}
	return out
}

// NewValues shows the catalogue as it is at a time, and when areas and hjemler begin and end.
func NewValues(k *katalog.Katalog, at time.Time) Values {
	v := Values{Bruksomraader: usesOf([]katalog.Bruk{katalog.Soek, katalog.Innbyggerliste, katalog.BrukerHendelser})}
	for _, o := range k.Opplysninger {
		v.add(k, o)
	}
	for _, t := range k.Tjenesteomraader {
		one := area{
			Kode: t.Kode, Navn: t.Navn.Nb, Beskrivelse: t.Beskrivelse.Nb, Gyldig: t.InForce(at), during: during{t.GyldigFra, t.GyldigTil}, KanHenteTaushet: t.KanHenteTaushet,
			KanAapneGradert: t.KanAapneGradert(), Bruksomraader: usesOf(t.Bruksomraader), Lovhjemler: []basis{},
		}
		for _, h := range t.Lovhjemler {
			one.Lovhjemler = append(one.Lovhjemler, basis{h.ID, during{h.GyldigFra, h.GyldigTil}, h.Lov + " " + h.Paragraf + ": " + h.Korttekst.Nb, []string{h.LovdataLenke}})
		}
		for _, r := range v.Registre {
			i := slices.IndexFunc(t.Registre, func(u katalog.Utvalg) bool { return u.Register == r.Register })
			out := rule{Register: r.Register, KanBrukes: i >= 0, Opplysninger: []string{}}
			if i >= 0 {
				out.Opplysninger = List(t.Registre[i].Opplysninger)
			}
			one.Regler.Registre = append(one.Regler.Registre, out)
		}
		v.Tjenesteomraader = append(v.Tjenesteomraader, one)
	}
	return v
}

// add puts an element in its place: below the topmost one that it is part of, in its register.
func (v *Values) add(k *katalog.Katalog, o *katalog.Opplysning) {
	if !o.Gyldig {
		return
	}
	i := slices.IndexFunc(v.Registre, func(r register) bool { return r.Register == o.Register })
	if i < 0 {
		i, v.Registre = len(v.Registre), append(v.Registre, register{Register: o.Register, Opplysninger: []element{}})
	}
	top := o
	for top.Overordnet != "" {
		top, _ = k.Element(top.Overordnet)
	}
	in := &v.Registre[i].Opplysninger
	at := slices.IndexFunc(*in, func(e element) bool { return e.Overordnet.Kode == top.Kode })
	if at < 0 {
		at, *in = len(*in), append(*in, element{partOf(top), []part{}})
	}
	if o != top {
		(*in)[at].Underordnet = append((*in)[at].Underordnet, partOf(o))
	}
}
