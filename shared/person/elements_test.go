package person

import "testing"

func TestElementsInForce(t *testing.T) {
	d, err := ParseDocument([]byte(`{"a":[{"erGjeldende":false,"v":"1"},{"erGjeldende":true,"v":" 2 "},{"v":3}],"b":{"v":{"w":4.50}},"c":[{"erGjeldende":false,"v":"5"}],"d":"x","e":null}`))
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"a": "2", "b": "", "c": "", "d": "", "e": "", "f": ""} {
		if got := d.Root().Member(name).Current().Written("v"); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if got := d.Root().Member("b").Current().Written("v", "w"); got != "4.50" {
		t.Errorf("a number became %q", got)
	}
	n, former := 0, 0
	for e := range d.Root().Member("a").Elements() {
		n++
		if e.Former() {
			former++
		}
	}
	if n != 3 || former != 1 {
		t.Errorf("%d elements, %d former", n, former)
	}
}
