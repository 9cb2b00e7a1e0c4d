package main

import (
	"context"
	"fmt"
	"os"
	"time"
)

// await polls until the condition holds. When it does not within the limit, or when a component
// dies meanwhile, the error shows what the component wrote last.
func (s *settings) await(ctx context.Context, what, component string, limit time.Duration, condition func(context.Context) error) error {
	limited, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	for {
		err := condition(limited)
		if err == nil {
			return nil
		}
		if !s.table().Alive(component) {
			return fmt.Errorf("%s ended while waiting for %s; the end of %s:\n%s", component, what, s.log(component), s.lastWords(component))
		}
		select {
		case <-limited.Done():
			if ctx.Err() != nil {
				return ctx.Err()
			}
			return fmt.Errorf("%s: not within %s: %w\nthe end of %s:\n%s", what, limit, err, s.log(component), s.lastWords(component))
		case <-tick.C:
		}
	}
}

func (s *settings) lastWords(component string) string {
	content, err := os.ReadFile(s.log(component))
	if err != nil {
		return err.Error()
	}
	return tail(string(content), 20)
}
