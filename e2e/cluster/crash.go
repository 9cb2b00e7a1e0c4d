package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"time"

	"wharfinger.dev/e2e/cluster/process"
)

// crash ends every process of the cluster by force, containers included, in an order drawn by the
// seed: what a node that loses its power leaves. The files stay as they are; `up` is the boot.
func crash(ctx context.Context, args []string) error {
	seed, err := crashSeed(args)
	if err != nil {
		return err
	}
	s, err := settingsOfRunning(nil)
	if err != nil {
		return err
	}
	if os.Geteuid() != 0 {
		return errors.New("needs root, as `up` did")
	}
	unlock, err := lock(ctx, s)
	if err != nil {
		return err
	}
	defer unlock()
	say("the node crashes, in the order of --seed %d", seed)
	ended := 0
	// Whoever is still there may have started something before its own end.
	for round := 0; round < 10; round++ {
		victims := alive(append(s.table().All(), append(groupMembers(), namespaceMembers()...)...))
		if len(victims) == 0 {
			say("%d processes are gone; `cluster up` boots it again", ended)
			return nil
		}
		order := rand.New(rand.NewPCG(seed, uint64(round)))
		order.Shuffle(len(victims), func(i, j int) { victims[i], victims[j] = victims[j], victims[i] })
		if err := endAll(ctx, victims); err != nil {
			return err
		}
		ended += len(victims)
	}
	return errors.New("processes of the cluster come back again and again")
}

// crashSeed reads [--seed N]; without it the clock draws.
func crashSeed(args []string) (uint64, error) {
	if len(args) == 0 {
		return uint64(time.Now().UnixNano()) % 100_000, nil
	}
	if len(args) != 2 || args[0] != "--seed" {
		return 0, errUsage
	}
	seed, err := strconv.ParseUint(args[1], 10, 64)
	if err != nil {
		return 0, fmt.Errorf("--seed: %w", err)
	}
	return seed, nil
}

// alive keeps each living process once.
func alive(records []process.Record) []process.Record {
	seen := map[int]bool{os.Getpid(): true}
	living := []process.Record{}
	for _, record := range records {
		if !seen[record.PID] && record.Alive() {
			seen[record.PID] = true
			living = append(living, record)
		}
	}
	return living
}
