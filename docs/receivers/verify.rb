# frozen_string_literal: true

# Checks what a Hookgate gateway sends, with Ruby's standard library only (3.0 or newer). To see what becomes of a request
# that you have kept:
#   ruby docs/receivers/verify.rb < requests.jsonl
# where each line is {"scheme","key","now","method","url","headers","body"}, and for the scheme hmac "options" too.

require "json"
require "openssl"

module Hookgate
  class Refused < StandardError; end

  TOLERANCE_SECONDS = 300
  SIGNED = %w[@method @target-uri content-digest content-type webhook-id webhook-timestamp].freeze
  # What stands before the 32 bytes of an Ed25519 public key in DER.
  ED25519_HEAD = ["302a300506032b6570032100"].pack("H*").freeze

  module_function

  def header(headers, name)
    value = headers[name].to_s
    raise Refused, "the header #{name} is missing" if value.empty?

    value
  end

  def check_time(headers, now)
    timestamp = header(headers, "webhook-timestamp")
    raise Refused, "webhook-timestamp is not a time" unless timestamp.match?(/\A[0-9]{1,11}\z/)
    raise Refused, "the request is too old, or too new" if (now - timestamp.to_i).abs > TOLERANCE_SECONDS

    timestamp
  end

  def decode(text)
    text.unpack1("m0")
  rescue ArgumentError
    ""
  end

  def same?(one, other)
    one.bytesize == other.bytesize && OpenSSL.fixed_length_secure_compare(one, other)
  end

  # Whether a signature is this key's: the secret whsec_…, or the gateway's public key whpk_…
  def signed?(key, message, signature)
    kind, text = key.split("_", 2)
    bytes = text.to_s.unpack1("m0")
    case kind
    when "whsec" then same?(OpenSSL::HMAC.digest("SHA256", bytes, message), signature)
    when "whpk" then signature.bytesize == 64 && OpenSSL::PKey.read(ED25519_HEAD + bytes).verify(nil, signature, message)
    else raise ArgumentError, "the key has to begin with whsec_ or whpk_"
    end
  end

  # The schemes standard-webhooks and standard-webhooks-ed25519. Names of headers are in lower case, `body` is the raw body.
  def verify_standard_webhook(key, headers, body, now)
    message = "#{header(headers, "webhook-id")}.#{check_time(headers, now)}.".b + body.b
    version = key.start_with?("whpk_") ? "v1a" : "v1"
    items = header(headers, "webhook-signature").split(" ").map { |item| item.split(",", 2) }
    return if items.any? { |name, text| name == version && signed?(key, message, decode(text.to_s)) }

    raise Refused, "no signature matches"
  end

  # The scheme rfc9421, with either algorithm. `url` is the whole address, as the sender called it.
  def verify_http_message(key, method, url, headers, body, now)
    check_time(headers, now)
    digest = [OpenSSL::Digest::SHA256.digest(body)].pack("m0")
    raise Refused, "the body is not the one that was signed" if header(headers, "content-digest") != "sha-256=:#{digest}:"

    derived = { "@method" => method, "@target-uri" => url }
    lines = SIGNED.map { |name| %("#{name}": #{derived[name] || header(headers, name).strip}) }
    covered = "(#{SIGNED.map { |name| %("#{name}") }.join(" ")});"
    signatures = header(headers, "signature").scan(/\b(\w+)=:([^:]*):/).to_h
    # A signature that covers less is not looked at, and the algorithm is the key's: never what the request says.
    header(headers, "signature-input").scan(/\b(\w+)=(\([^()]*\)[^,]*)/).each do |label, params|
      next unless params.start_with?(covered)

      base = [*lines, %("@signature-params": #{params})].join("\n")
      return if signed?(key, base, decode(signatures[label].to_s))
    end
    raise Refused, "no signature matches"
  end

  # The scheme hmac; `options` is the destination's `signing`. The time is checked if it is signed.
  def verify_hmac(secret, headers, body, options, now)
    template, prefix = options.values_at("template", "prefix")
    id = template.include?("{{id}}") ? header(headers, "webhook-id") : ""
    timestamp = template.include?("{{timestamp}}") ? check_time(headers, now) : ""
    head, tail = template.split("{{body}}", 2).map do |part|
      part.gsub("{{id}}") { id }.gsub("{{timestamp}}") { timestamp }.b
    end
    mac = OpenSSL::HMAC.digest(options["algorithm"], secret, head + body.b + tail)
    text = prefix + (options["encoding"] == "hex" ? mac.unpack1("H*") : [mac].pack("m0"))
    # Two signatures stand in the header while a secret is rotated.
    items = header(headers, options["header"]).split(prefix.include?(",") ? " " : ",")
    raise Refused, "no signature matches" unless items.any? { |item| same?(item, text) }
  end

  def check(line)
    given = JSON.parse(line)
    key, method, url, headers, body, options = given.values_at("key", "method", "url", "headers", "body", "options")
    now = given.fetch("now") { Time.now.to_i }
    case given["scheme"]
    when "rfc9421" then verify_http_message(key, method, url, headers, body, now)
    when "hmac" then verify_hmac(key, headers, body, options, now)
    else verify_standard_webhook(key, headers, body, now)
    end
  end
end

if $PROGRAM_NAME == __FILE__
  $stdin.each_line do |line|
    Hookgate.check(line)
    puts "accepted"
  rescue Hookgate::Refused => e
    puts "refused: #{e.message}"
  end
end
