package routes

import "encoding/json"

// Files are the files made of the routes, by their place in the repository.
func Files(all []Function) (map[string][]byte, error) {
	terraform, err := forTerraform(all)
	if err != nil {
		return nil, err
	}
	files, err := forPlatforms(all)
	if err != nil {
		return nil, err
	}
	files["terraform/routes.json"] = terraform
	return files, nil
}

// forTerraform is what the URL map and the rights of each function's account are made of.
func forTerraform(all []Function) ([]byte, error) {
	needs := map[string][]string{}
	for _, f := range all {
		needs[f.Name] = f.Needs
	}
	b, err := json.MarshalIndent(struct {
		Comment string              `json:"//"`
		Needs   map[string][]string `json:"needs"`
		Rules   []Rule              `json:"rules"`
	}{"made of the functions' code by make docs", needs, Rules(all)}, "", "  ")
	return append(b, '\n'), err
}
