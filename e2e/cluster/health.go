package main

import (
	"context"
	"errors"
	"strings"
)

func (s *settings) apiReady(ctx context.Context) error {
	_, err := s.kubectl(ctx, "", "get", "--raw", "/readyz", "--request-timeout", "5s")
	return err
}

func (s *settings) nodeReady(ctx context.Context) error {
	return s.expect(ctx, "True", "get", "node", nodeName,
		"--output", `jsonpath={.status.conditions[?(@.type=="Ready")].status}`)
}

func (s *settings) dnsReady(ctx context.Context) error {
	return s.expect(ctx, "1", "get", "deployment", "coredns", "--namespace", "kube-system",
		"--output", "jsonpath={.status.readyReplicas}")
}

func (s *settings) expect(ctx context.Context, wanted string, arguments ...string) error {
	got, err := s.kubectl(ctx, "", append(arguments, "--request-timeout", "5s")...)
	if err == nil && strings.TrimSpace(got) != wanted {
		err = errors.New("not ready")
	}
	return err
}

// healthy tells whether every component runs and the cluster answers.
func healthy(ctx context.Context, s *settings) bool {
	for _, c := range s.components() {
		if !s.table().Alive(c.name) {
			return false
		}
	}
	return s.apiReady(ctx) == nil && s.nodeReady(ctx) == nil && s.dnsReady(ctx) == nil
}
