// Command kstatus says how Flux and `helm --wait` read objects: a JSON list of objects in, a list of answers out.
package main

import (
	"io"
	"log"
	"os"

	"github.com/fluxcd/cli-utils/pkg/kstatus/status"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/json"
)

// Answer is what the library says of one object.
type Answer struct {
	Status  string `json:"status"`
	Message string `json:"message"`
}

func main() {
	var objects []map[string]interface{}
	given, err := io.ReadAll(os.Stdin)
	must(err)
	must(json.Unmarshal(given, &objects))
	answers := []Answer{}
	for _, object := range objects {
		result, err := status.Compute(&unstructured.Unstructured{Object: object})
		must(err)
		answers = append(answers, Answer{string(result.Status), result.Message})
	}
	told, err := json.Marshal(answers)
	must(err)
	_, err = os.Stdout.Write(told)
	must(err)
}

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
