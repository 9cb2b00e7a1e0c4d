package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"
)

// say tells the person at the terminal what happens. It uses the error stream: the output of
// `kubeconfig` and `binaries` is for programs.
func say(format string, arguments ...any) {
	fmt.Fprintf(os.Stderr, format+"\n", arguments...)
}

// heartbeat says every so often that a long step still goes on, until the returned function is
// called.
func heartbeat(what string) (stop func()) {
	began, done := time.Now(), make(chan struct{})
	go func() {
		tick := time.NewTicker(20 * time.Second)
		defer tick.Stop()
		for {
			select {
			case <-done:
				return
			case <-tick.C:
				say("  ... still %s (%s so far)", what, time.Since(began).Round(time.Second))
			}
		}
	}()
	return func() { close(done) }
}

// run executes a program to its end and gives its standard output; an error carries what the
// program wrote about it.
func run(ctx context.Context, arguments ...string) (string, error) {
	return runIn(ctx, "", nil, "", arguments...)
}

func runIn(ctx context.Context, directory string, environment []string, input string, arguments ...string) (string, error) {
	command := exec.CommandContext(ctx, arguments[0], arguments[1:]...)
	command.Dir = directory
	command.Env = append(os.Environ(), environment...)
	command.Stdin = strings.NewReader(input)
	var output, problems strings.Builder
	command.Stdout, command.Stderr = &output, &problems
	if err := command.Run(); err != nil {
		return output.String(), fmt.Errorf("%s: %w\n%s", strings.Join(arguments, " "), err, tail(problems.String()+output.String(), 15))
	}
	return output.String(), nil
}

func tail(text string, lines int) string {
	all := strings.Split(strings.TrimRight(text, "\n"), "\n")
	if len(all) > lines {
		all = all[len(all)-lines:]
	}
	return strings.Join(all, "\n")
}
