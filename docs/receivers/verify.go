// Checks what a Hookgate gateway sends, with Go's standard library only. To see what becomes of a request that you have kept:
//
//	go run docs/receivers/verify.go < requests.jsonl
//
// where each line is {"scheme","key","now","method","url","headers","body"}, and for the scheme hmac "options" too.
package main

import (
	"bufio"
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"os"
	"regexp"
	"strconv"
	"strings"
	"time"
)

const toleranceSeconds = 300

var (
	signed        = []string{"@method", "@target-uri", "content-digest", "content-type", "webhook-id", "webhook-timestamp"}
	hashes        = map[string]func() hash.Hash{"sha1": sha1.New, "sha256": sha256.New, "sha512": sha512.New}
	timePattern   = regexp.MustCompile(`^[0-9]{1,11}$`)
	inputItem     = regexp.MustCompile(`\b(\w+)=(\([^()]*\)[^,]*)`)
	signatureItem = regexp.MustCompile(`\b(\w+)=:([^:]*):`)
	errNoMatch    = errors.New("no signature matches")
)

// Request is one that arrived: URL as the sender called it, names of headers in lower case.
type Request struct {
	Method, URL string
	Headers     map[string]string
	Body        []byte
	Now         int64
}

// HmacOptions is what a destination with the scheme hmac has in its `signing`.
type HmacOptions struct{ Header, Algorithm, Encoding, Prefix, Template string }

func (r Request) header(name string) (string, error) {
	if r.Headers[name] == "" {
		return "", fmt.Errorf("the header %s is missing", name)
	}
	return r.Headers[name], nil
}

func (r Request) time() (string, error) {
	text, err := r.header("webhook-timestamp")
	if err != nil {
		return "", err
	}
	if !timePattern.MatchString(text) {
		return "", errors.New("webhook-timestamp is not a time")
	}
	seconds, _ := strconv.ParseInt(text, 10, 64)
	if distance := r.Now - seconds; distance > toleranceSeconds || distance < -toleranceSeconds {
		return "", errors.New("the request is too old, or too new")
	}
	return text, nil
}

// Whether a signature is this key's: the secret whsec_…, or the gateway's public key whpk_…
func isSigned(key string, message []byte, signature string) bool {
	kind, text, _ := strings.Cut(key, "_")
	bytes, err := base64.StdEncoding.DecodeString(text)
	given, fault := base64.StdEncoding.DecodeString(signature)
	if err != nil || fault != nil {
		return false
	}
	switch kind {
	case "whsec":
		mac := hmac.New(sha256.New, bytes)
		mac.Write(message)
		return hmac.Equal(mac.Sum(nil), given)
	case "whpk":
		return len(bytes) == ed25519.PublicKeySize && ed25519.Verify(bytes, message, given)
	}
	return false
}

// VerifyStandardWebhook checks the schemes standard-webhooks and standard-webhooks-ed25519.
func VerifyStandardWebhook(key string, r Request) error {
	id, err := r.header("webhook-id")
	if err != nil {
		return err
	}
	timestamp, err := r.time()
	if err != nil {
		return err
	}
	signatures, err := r.header("webhook-signature")
	if err != nil {
		return err
	}
	message := append([]byte(id+"."+timestamp+"."), r.Body...)
	version := "v1"
	if strings.HasPrefix(key, "whpk_") {
		version = "v1a"
	}
	for _, item := range strings.Split(signatures, " ") {
		name, text, _ := strings.Cut(item, ",")
		if name == version && isSigned(key, message, text) {
			return nil
		}
	}
	return errNoMatch
}

// VerifyHTTPMessage checks the scheme rfc9421, with either algorithm.
func VerifyHTTPMessage(key string, r Request) error {
	if _, err := r.time(); err != nil {
		return err
	}
	digest := sha256.Sum256(r.Body)
	if r.Headers["content-digest"] != "sha-256=:"+base64.StdEncoding.EncodeToString(digest[:])+":" {
		return errors.New("the body is not the one that was signed")
	}
	base, names := "", []string{}
	for _, name := range signed {
		value := map[string]string{"@method": r.Method, "@target-uri": r.URL}[name]
		if !strings.HasPrefix(name, "@") {
			given, err := r.header(name)
			if err != nil {
				return err
			}
			value = strings.TrimSpace(given)
		}
		base += fmt.Sprintf("\"%s\": %s\n", name, value)
		names = append(names, `"`+name+`"`)
	}
	covered := "(" + strings.Join(names, " ") + ");"
	signatures := map[string]string{}
	for _, found := range signatureItem.FindAllStringSubmatch(r.Headers["signature"], -1) {
		signatures[found[1]] = found[2]
	}
	// A signature that covers less is not looked at, and the algorithm is the key's: never what the request says.
	for _, found := range inputItem.FindAllStringSubmatch(r.Headers["signature-input"], -1) {
		message := []byte(base + `"@signature-params": ` + found[2])
		if strings.HasPrefix(found[2], covered) && isSigned(key, message, signatures[found[1]]) {
			return nil
		}
	}
	return errNoMatch
}

// VerifyHmac checks the scheme hmac. The time is checked if it is signed.
func VerifyHmac(secret string, r Request, options HmacOptions) error {
	id, timestamp := "", ""
	var err error
	if strings.Contains(options.Template, "{{id}}") {
		if id, err = r.header("webhook-id"); err != nil {
			return err
		}
	}
	if strings.Contains(options.Template, "{{timestamp}}") {
		if timestamp, err = r.time(); err != nil {
			return err
		}
	}
	head, tail, _ := strings.Cut(options.Template, "{{body}}")
	fill := strings.NewReplacer("{{id}}", id, "{{timestamp}}", timestamp)
	newHash, known := hashes[options.Algorithm]
	if !known {
		return errors.New("the algorithm is not known")
	}
	mac := hmac.New(newHash, []byte(secret))
	mac.Write([]byte(fill.Replace(head)))
	mac.Write(r.Body)
	mac.Write([]byte(fill.Replace(tail)))
	text := hex.EncodeToString(mac.Sum(nil))
	if options.Encoding == "base64" {
		text = base64.StdEncoding.EncodeToString(mac.Sum(nil))
	}
	separator := ","
	if strings.Contains(options.Prefix, ",") {
		separator = " "
	}
	// Two signatures stand in the header while a secret is rotated.
	for _, item := range strings.Split(r.Headers[options.Header], separator) {
		if hmac.Equal([]byte(item), []byte(options.Prefix+text)) {
			return nil
		}
	}
	return errNoMatch
}

func check(line []byte) error {
	given := struct {
		Scheme, Key, Method, URL, Body string
		Headers                        map[string]string
		Options                        HmacOptions
		Now                            int64
	}{Now: time.Now().Unix()}
	if err := json.Unmarshal(line, &given); err != nil {
		return err
	}
	request := Request{given.Method, given.URL, given.Headers, []byte(given.Body), given.Now}
	switch given.Scheme {
	case "rfc9421":
		return VerifyHTTPMessage(given.Key, request)
	case "hmac":
		return VerifyHmac(given.Key, request, given.Options)
	}
	return VerifyStandardWebhook(given.Key, request)
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		if err := check(lines.Bytes()); err != nil {
			fmt.Println("refused:", err)
		} else {
			fmt.Println("accepted")
		}
	}
}
