"""A handset by Eclipse Paho: presses at every quality of service, hears its receipts, and leaves a will.

The one argument is JSON: transport (tcp, tls, websocket, websocket_tls, page, page_tls), port, version (4 or 5), handset, ca, prefix.
The will of the first session must not be published, for it says good-bye; the second one dies without a word.
"""

import json
import os
import sys
import threading
from datetime import datetime, timezone

import paho.mqtt.client as mqtt

PATIENCE_S = 30
JOB = json.loads(sys.argv[1])
HANDSET = JOB["handset"]


def press(name):
    at = datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return json.dumps({"press_id": f"{JOB['prefix']}-{name}", "boot": "b", "seq": 1, "pressed_at": at, "fix": None})


class Session:
    """A connected session that listens."""

    def __init__(self, will, client_id=f"{HANDSET}-paho"):
        self.heard, self.changed = [], threading.Condition()
        self.is_listening = False
        transport = "websockets" if JOB["transport"].startswith(("websocket", "page")) else "tcp"
        options = {"client_id": client_id, "protocol": JOB["version"], "transport": transport}
        if hasattr(mqtt, "CallbackAPIVersion"):  # Paho 2 asks which callbacks are meant
            options["callback_api_version"] = mqtt.CallbackAPIVersion.VERSION1
        if JOB["version"] == mqtt.MQTTv311:
            options["clean_session"] = True
        self.client = mqtt.Client(**options)
        self.client.username_pw_set(HANDSET, HANDSET)
        self.client.will_set(f"jjl/{HANDSET}/press", press(will), qos=1)
        if JOB["transport"].endswith("tls"):
            self.client.tls_set(ca_certs=JOB["ca"])
        if transport == "websockets":
            self.client.ws_set_options(path="/mqtt")
        self.client.on_connect = self.connected
        self.client.on_subscribe = self.listening
        self.client.on_message = self.message
        self.client.connect("127.0.0.1", JOB["port"], keepalive=30)
        self.client.loop_start()
        self.wait(lambda: self.is_listening, "the SUBACK")

    def connected(self, _client, _data, _flags, code, _properties=None):
        if getattr(code, "value", code) == 0:
            self.client.subscribe(f"jjl/{HANDSET}/down/#", qos=1)

    def listening(self, *_arguments):
        with self.changed:
            self.is_listening = True
            self.changed.notify_all()

    def message(self, _client, _data, message):
        with self.changed:
            self.heard.append((message.topic, json.loads(message.payload)))
            self.changed.notify_all()

    def wait(self, is_so, what):
        with self.changed:
            if not self.changed.wait_for(is_so, PATIENCE_S):
                sys.exit(f"in vain: {what}; heard {self.heard}")

    def press(self, qos):
        name = f"{JOB['prefix']}-q{qos}"
        self.client.publish(f"jjl/{HANDSET}/press", press(f"q{qos}"), qos=qos).wait_for_publish()
        topic = f"jjl/{HANDSET}/down/receipt"
        self.wait(lambda: any(at == topic and said["press_id"] == name for at, said in self.heard), f"receipt {name}")


def comes_back_without_a_name():
    """Paho asks for a clean start with its first CONNECT alone, and never takes the name that it is given for its own."""
    nameless = Session("polite-will", "")
    nameless.client.disconnect()
    nameless.client.loop_stop()
    nameless.is_listening = False
    nameless.client.reconnect()
    nameless.client.loop_start()
    nameless.wait(lambda: nameless.is_listening, "the SUBACK of one that came back without a name")
    nameless.client.disconnect()
    nameless.client.loop_stop()


if JOB["version"] == mqtt.MQTTv5:
    comes_back_without_a_name()
polite = Session("polite-will")
for qos in (0, 1, 2):
    polite.press(qos)
polite.client.disconnect()
polite.client.loop_stop()
Session("will")
os._exit(0)
