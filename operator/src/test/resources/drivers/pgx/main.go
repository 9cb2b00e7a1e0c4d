// Opens a URL with pgx and says whether the connection has TLS; the URL is the only argument.
//
// What else the driver is told stands in its environment. All host names are those of this machine's loopback.
package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/jackc/pgx/v5"
)

const question = "SELECT coalesce(version, 'None') FROM pg_stat_ssl WHERE pid = pg_backend_pid()"

func main() {
	answer, err := ask(os.Args[1])
	if err != nil {
		fmt.Println(err)
		os.Exit(3)
	}
	fmt.Println("TLS:", answer)
}

func ask(url string) (string, error) {
	config, err := pgx.ParseConfig(url)
	if err != nil {
		return "", err
	}
	config.LookupFunc = func(context.Context, string) ([]string, error) {
		return []string{"127.0.0.1"}, nil
	}
	patience, done := context.WithTimeout(context.Background(), 20*time.Second)
	defer done()
	connection, err := pgx.ConnectConfig(patience, config)
	if err != nil {
		return "", err
	}
	defer connection.Close(patience)
	var answer string
	err = connection.QueryRow(patience, question).Scan(&answer)
	return answer, err
}
