package main

import (
	"context"
	"flag"
	"fmt"
	"os"

	"wharfinger.dev/e2e/cluster/imagetar"
)

type paths []string

func (p *paths) String() string { return fmt.Sprint(*p) }

func (p *paths) Set(path string) error {
	*p = append(*p, path)
	return nil
}

// writeImage is the command `image`: it wraps layers that another program made as an image.
func writeImage(_ context.Context, args []string) error {
	flags := flag.NewFlagSet("image", flag.ContinueOnError)
	var layers paths
	name := flags.String("name", "", "reference of the image, with its tag")
	config := flags.String("config", "", "file with the image's configuration as JSON (Entrypoint, Cmd, Env, User, WorkingDir ...)")
	out := flags.String("out", "", "archive to write")
	flags.Var(&layers, "layer", "uncompressed tar archive of one layer, lowest first; may be repeated")
	if err := flags.Parse(args); err != nil {
		return errUsage
	}
	for _, layer := range flags.Args() {
		layers = append(layers, layer)
	}
	if *name == "" || *config == "" || *out == "" || len(layers) == 0 {
		fmt.Fprintln(os.Stderr, "image needs --name, --config, --layer and --out")
		return errUsage
	}
	bytes, err := os.ReadFile(*config)
	if err != nil {
		return err
	}
	return imagetar.Image{Name: *name, Config: bytes, Layers: layers}.Write(*out)
}
