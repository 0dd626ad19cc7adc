// Command argocd-lua answers as Argo CD does: it reads resource overrides and objects, and says each object's health,
// the actions it offers, and what an action would do. One JSON value in, one out.
package main

import (
	"io"
	"log"
	"os"

	"github.com/argoproj/argo-cd/v3/pkg/apis/application/v1alpha1"
	"github.com/argoproj/argo-cd/v3/util/lua"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/json"
)

// Override is one resource's customisation, as argocd-cm holds it.
type Override struct {
	Health  string `json:"health"`
	Actions string `json:"actions"`
}

// Question is what is asked about one object; without an action only health and the offered actions are answered.
type Question struct {
	Overrides map[string]Override    `json:"overrides"`
	Object    map[string]interface{} `json:"object"`
	Action    string                 `json:"action"`
}

// Answer is what Argo CD shows and would do.
type Answer struct {
	Health  string                   `json:"health"`
	Message string                   `json:"message"`
	Actions map[string]bool          `json:"actions"` // name to whether it can be chosen
	Results []map[string]interface{} `json:"results"`
}

func main() {
	var questions []Question
	asked, err := io.ReadAll(os.Stdin)
	must(err)
	must(json.Unmarshal(asked, &questions))
	answers := []Answer{}
	for _, question := range questions {
		answers = append(answers, answer(question))
	}
	told, err := json.Marshal(answers)
	must(err)
	_, err = os.Stdout.Write(told)
	must(err)
}

func answer(question Question) Answer {
	object := &unstructured.Unstructured{Object: question.Object}
	vm := lua.VM{ResourceOverrides: overrides(question)}
	result := Answer{Actions: map[string]bool{}}
	health, err := lua.ResourceHealthOverrides(vm.ResourceOverrides).GetResourceHealth(object)
	must(err)
	if health != nil {
		result.Health, result.Message = string(health.Status), health.Message
	}
	scripts, err := vm.GetResourceActionDiscovery(object)
	must(err)
	if len(scripts) > 0 {
		offered, err := vm.ExecuteResourceActionDiscovery(object, scripts)
		must(err)
		for _, action := range offered {
			result.Actions[action.Name] = !action.Disabled
		}
	}
	if question.Action != "" {
		definition, err := vm.GetResourceAction(object, question.Action)
		must(err)
		impacted, err := vm.ExecuteResourceAction(object, definition.ActionLua, nil)
		must(err)
		for _, one := range impacted {
			result.Results = append(result.Results, map[string]interface{}{
				"operation": string(one.K8SOperation), "object": one.UnstructuredObj.Object,
			})
		}
	}
	return result
}

func overrides(question Question) map[string]v1alpha1.ResourceOverride {
	result := map[string]v1alpha1.ResourceOverride{}
	for kind, override := range question.Overrides {
		result[kind] = v1alpha1.ResourceOverride{HealthLua: override.Health, Actions: override.Actions}
	}
	return result
}

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
