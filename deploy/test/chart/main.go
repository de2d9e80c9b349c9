// Command chart renders a Helm chart as `helm template` does, and decodes each object strictly by the types of
// Kubernetes, the Prometheus operator and cert-manager: a field that they do not have is an error.
//
//	chart <chart> <values> prints the objects
//	chart - decodes the objects on standard input
package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"strings"

	certmanager "github.com/cert-manager/cert-manager/pkg/apis/certmanager/v1"
	monitoring "github.com/prometheus-operator/prometheus-operator/pkg/apis/monitoring/v1"
	"helm.sh/helm/v3/pkg/chart/loader"
	"helm.sh/helm/v3/pkg/chartutil"
	"helm.sh/helm/v3/pkg/engine"
	"helm.sh/helm/v3/pkg/releaseutil"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/apimachinery/pkg/util/yaml"
	"k8s.io/client-go/kubernetes/scheme"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(args []string) error {
	switch {
	case len(args) == 1 && args[0] == "-":
		objects, err := io.ReadAll(os.Stdin)
		if err != nil {
			return err
		}
		return decode(objects)
	case len(args) == 2:
		objects, err := render(args[0], args[1])
		if err != nil {
			return err
		}
		if err := decode([]byte(objects)); err != nil {
			return err
		}
		fmt.Print(objects)
		return nil
	}
	return errors.New("use: chart <chart> <values>, or chart - with objects on standard input")
}

// render gives the objects of the chart in the order in which Helm installs them, hooks last.
func render(folder, valuesFile string) (string, error) {
	// Helm reports each file of the chart that is a link to another folder of this repository.
	log.SetOutput(io.Discard)
	chart, err := loader.Load(folder)
	if err != nil {
		return "", err
	}
	given, err := chartutil.ReadValuesFile(valuesFile)
	if err != nil {
		return "", err
	}
	// The oldest one that the chart is for.
	capabilities := chartutil.DefaultCapabilities.Copy()
	capabilities.KubeVersion = chartutil.KubeVersion{Version: "v1.30.0", Major: "1", Minor: "30"}
	if !chartutil.IsCompatibleRange(chart.Metadata.KubeVersion, capabilities.KubeVersion.String()) {
		return "", fmt.Errorf("the chart is not for Kubernetes %s", capabilities.KubeVersion.String())
	}
	release := chartutil.ReleaseOptions{Name: "lien-thong", Namespace: "platform", Revision: 1, IsInstall: true}
	values, err := chartutil.ToRenderValues(chart, given, release, capabilities)
	if err != nil {
		return "", err
	}
	files, err := engine.Render(chart, values)
	if err != nil {
		return "", err
	}
	for name := range files {
		if strings.HasSuffix(name, "NOTES.txt") {
			delete(files, name)
		}
	}
	hooks, manifests, err := releaseutil.SortManifests(files, capabilities.APIVersions, releaseutil.InstallOrder)
	if err != nil {
		return "", err
	}
	var out strings.Builder
	for _, one := range manifests {
		fmt.Fprintf(&out, "---\n# Source: %s\n%s\n", one.Name, strings.TrimSpace(one.Content))
	}
	for _, one := range hooks {
		fmt.Fprintf(&out, "---\n# Source: %s\n%s\n", one.Path, strings.TrimSpace(one.Manifest))
	}
	return out.String(), nil
}

func decode(objects []byte) error {
	known := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{scheme.AddToScheme, monitoring.AddToScheme, certmanager.AddToScheme} {
		if err := add(known); err != nil {
			return err
		}
	}
	decoder := serializer.NewCodecFactory(known, serializer.EnableStrict).UniversalDeserializer()
	documents := yaml.NewDocumentDecoder(io.NopCloser(bytes.NewReader(objects)))
	defer documents.Close()
	var problems []error
	buffer := make([]byte, len(objects)+1)
	for {
		n, err := documents.Read(buffer)
		if err == io.EOF {
			return errors.Join(problems...)
		}
		if err != nil {
			return err
		}
		if len(bytes.TrimSpace(buffer[:n])) == 0 {
			continue
		}
		if _, _, err := decoder.Decode(buffer[:n], nil, nil); err != nil {
			problems = append(problems, fmt.Errorf("%w in:\n%s", err, buffer[:n]))
		}
	}
}
