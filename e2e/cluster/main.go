// Command cluster gives a real Kubernetes of one node on a bare Debian machine, in a network
// namespace of its own, from binaries built from Go modules and from Debian packages.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

const (
	exitFailed = 1
	exitUsage  = 64
)

var errUsage = errors.New("usage")

type command struct {
	arguments string
	purpose   string
	run       func(ctx context.Context, args []string) error
}

var order = []string{"up", "down", "crash", "status", "load", "kubeconfig", "binaries", "image"}

var commands = map[string]command{
	"up":         {"", "start the cluster, or heal it; does nothing when it is up", up},
	"down":       {"", "remove the cluster with everything it left on the machine", down},
	"crash":      {"[--seed N]", "end all of its processes by force in a random order; `up` boots it again", crash},
	"status":     {"", "show what runs; fails when something does not", status},
	"load":       {"IMAGE.tar...", "import image archives into the running cluster", load},
	"kubeconfig": {"", "print the path of the running cluster's kubeconfig", kubeconfig},
	"binaries":   {"[--kube-api-test]", "print the folder with kubectl, helm, etcd ...; builds what is missing", binaries},
	"image":      {"--name N --config FILE --layer TAR... --out TAR", "wrap root file system archives as an image", writeImage},
}

func main() {
	if len(os.Args) < 2 {
		usage()
		os.Exit(exitUsage)
	}
	chosen, known := commands[os.Args[1]]
	if !known {
		usage()
		os.Exit(exitUsage)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := chosen.run(ctx, os.Args[2:])
	stop()
	switch {
	case errors.Is(err, errUsage):
		usage()
		os.Exit(exitUsage)
	case err != nil:
		fmt.Fprintf(os.Stderr, "cluster %s: %v\n", os.Args[1], err)
		os.Exit(exitFailed)
	}
}

func usage() {
	fmt.Fprintln(os.Stderr, "usage: cluster COMMAND")
	for _, name := range order {
		fmt.Fprintf(os.Stderr, "  %-11s %-48s %s\n", name, commands[name].arguments, commands[name].purpose)
	}
}
