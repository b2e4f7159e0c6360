// Serves MongoDB's protocol from PostgreSQL or SQLite:
// ferretdb postgresql|sqlite <host:port> <where the data are, a URL>
package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"github.com/FerretDB/FerretDB/ferretdb"
)

func main() {
	if len(os.Args) != 4 {
		fail(fmt.Errorf("expected a handler, an address and a URL, found %q", os.Args[1:]))
	}
	level := &slog.HandlerOptions{Level: slog.LevelError}
	server, err := ferretdb.New(&ferretdb.Config{
		Listener:      ferretdb.ListenerConfig{TCP: os.Args[2]},
		Logger:        slog.New(slog.NewTextHandler(os.Stderr, level)),
		Handler:       os.Args[1],
		PostgreSQLURL: os.Args[3],
		SQLiteURL:     os.Args[3],
	})
	if err != nil {
		fail(err)
	}
	// It listens from here on; what is sent now is answered once it runs.
	fmt.Println("ferretdb serves")
	until, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	if err := server.Run(until); err != nil {
		fail(err)
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, "ferretdb:", err)
	os.Exit(1)
}
