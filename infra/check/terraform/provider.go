//go:build ignore

// Command provider stands in for terraform-provider-google, which cannot be had everywhere: it knows the schema and nothing else. Terraform
// itself holds configurations against the schema; in tests mock_provider plans and applies. Built by terraform.sh, in a module of its own.
package main

import (
	"context"
	_ "embed"
	"encoding/json"
	"os"

	"github.com/hashicorp/terraform-plugin-go/tfprotov5"
	"github.com/hashicorp/terraform-plugin-go/tfprotov5/tf5server"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

//go:embed schema.json
var raw []byte

type attr struct {
	Type      json.RawMessage `json:"type"`
	Required  bool            `json:"required"`
	Optional  bool            `json:"optional"`
	Computed  bool            `json:"computed"`
	Sensitive bool            `json:"sensitive"`
	WriteOnly bool            `json:"write_only"`
}
type nb struct {
	Mode  string `json:"nesting_mode"`
	Block block  `json:"block"`
	Min   int64  `json:"min_items"`
	Max   int64  `json:"max_items"`
}
type block struct {
	Attrs  map[string]attr `json:"attributes"`
	Blocks map[string]nb   `json:"block_types"`
}
type sch struct {
	Version int64 `json:"version"`
	Block   block `json:"block"`
}
type doc struct {
	Provider sch            `json:"provider"`
	Res      map[string]sch `json:"resource_schemas"`
	Data     map[string]sch `json:"data_source_schemas"`
}

func conv(b block) *tfprotov5.SchemaBlock {
	o := &tfprotov5.SchemaBlock{}
	for n, a := range b.Attrs {
		t, err := tftypes.ParseJSONType(a.Type) //nolint:staticcheck
		if err != nil {
			panic(n + err.Error())
		}
		o.Attributes = append(o.Attributes, &tfprotov5.SchemaAttribute{Name: n, Type: t, Required: a.Required, Optional: a.Optional, Computed: a.Computed, Sensitive: a.Sensitive, WriteOnly: a.WriteOnly})
	}
	for n, x := range b.Blocks {
		m := map[string]tfprotov5.SchemaNestedBlockNestingMode{"single": 1, "list": 2, "set": 3, "map": 4, "group": 5}[x.Mode]
		o.BlockTypes = append(o.BlockTypes, &tfprotov5.SchemaNestedBlock{TypeName: n, Block: conv(x.Block), Nesting: m, MinItems: x.Min, MaxItems: x.Max})
	}
	return o
}
func convS(s sch) *tfprotov5.Schema {
	return &tfprotov5.Schema{Version: s.Version, Block: conv(s.Block)}
}

type srv struct {
	tfprotov5.ProviderServer
	d doc
}

func (s *srv) GetMetadata(context.Context, *tfprotov5.GetMetadataRequest) (*tfprotov5.GetMetadataResponse, error) {
	return &tfprotov5.GetMetadataResponse{}, nil
}
func (s *srv) GetProviderSchema(context.Context, *tfprotov5.GetProviderSchemaRequest) (*tfprotov5.GetProviderSchemaResponse, error) {
	r := &tfprotov5.GetProviderSchemaResponse{Provider: convS(s.d.Provider), ResourceSchemas: map[string]*tfprotov5.Schema{}, DataSourceSchemas: map[string]*tfprotov5.Schema{}}
	for n, x := range s.d.Res {
		r.ResourceSchemas[n] = convS(x)
	}
	for n, x := range s.d.Data {
		r.DataSourceSchemas[n] = convS(x)
	}
	return r, nil
}
func (s *srv) PrepareProviderConfig(_ context.Context, q *tfprotov5.PrepareProviderConfigRequest) (*tfprotov5.PrepareProviderConfigResponse, error) {
	return &tfprotov5.PrepareProviderConfigResponse{PreparedConfig: q.Config}, nil
}
func (s *srv) ValidateResourceTypeConfig(context.Context, *tfprotov5.ValidateResourceTypeConfigRequest) (*tfprotov5.ValidateResourceTypeConfigResponse, error) {
	return &tfprotov5.ValidateResourceTypeConfigResponse{}, nil
}
func (s *srv) ValidateDataSourceConfig(context.Context, *tfprotov5.ValidateDataSourceConfigRequest) (*tfprotov5.ValidateDataSourceConfigResponse, error) {
	return &tfprotov5.ValidateDataSourceConfigResponse{}, nil
}
func (s *srv) UpgradeResourceState(_ context.Context, q *tfprotov5.UpgradeResourceStateRequest) (*tfprotov5.UpgradeResourceStateResponse, error) {
	v, err := q.RawState.Unmarshal(conv(s.d.Res[q.TypeName].Block).ValueType())
	if err != nil {
		return nil, err
	}
	dv, err := tfprotov5.NewDynamicValue(conv(s.d.Res[q.TypeName].Block).ValueType(), v)
	return &tfprotov5.UpgradeResourceStateResponse{UpgradedState: &dv}, err
}
func (s *srv) StopProvider(context.Context, *tfprotov5.StopProviderRequest) (*tfprotov5.StopProviderResponse, error) {
	return &tfprotov5.StopProviderResponse{}, nil
}

func main() {
	var d doc
	if err := json.Unmarshal(raw, &d); err != nil {
		panic(err)
	}
	if err := tf5server.Serve("registry.terraform.io/hashicorp/google", func() tfprotov5.ProviderServer { return &srv{d: d} }); err != nil {
		os.Exit(1)
	}
}
